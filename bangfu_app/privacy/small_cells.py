"""Small counts of persons in a table that leaves the office anonymously (domain §5).

A reader is taken to know every printed cell, and every column's total from another table. So a hidden count
never stands alone: what is hidden in a column adds up to enough, in cells enough, that none can be recomputed.
"""

from dataclasses import dataclass

HIDDEN = "*"


@dataclass(frozen=True)
class PersonCounts:
	"""Columns of a report that count persons; the parts of `total` may leave a rest that is not printed.

	`telling`: columns of a row by which a hidden count of it could be worked out, as a share.
	"""

	parts: tuple[str, ...]
	total: str | None = None
	telling: tuple[str, ...] = ()


def hide_small_counts(rows: list[dict], counts: PersonCounts, size: int) -> list[dict]:
	"""Copies of the rows in which no count of 1 to `size` - 1 persons is printed or can be recomputed."""
	copies = [dict(row) for row in rows]
	for part in (*counts.parts, None):
		column = {place: count_of(row, counts, part) for place, row in enumerate(rows)}
		for place in hidden_cells({p: n for p, n in column.items() if n is not None}, size):
			hidden = (part, counts.total, *counts.telling)
			copies[place].update({name: HIDDEN for name in hidden if name in rows[place]})
	return copies


def count_of(row: dict, counts: PersonCounts, part: str | None) -> int | None:
	"""The count in one cell; that of the rest, which total and parts tell, where `part` is None."""
	if part:
		value = row.get(part)
		return value if isinstance(value, int) else None
	if not counts.total:
		return None
	return row[counts.total] - sum(row[name] for name in counts.parts)


def hidden_cells(column: dict[int, int], size: int) -> set[int]:
	"""Places of the small counts, and of the next smallest until nothing follows from the total of the column.

	No total is known that is small itself: it is hidden wherever it is printed.
	"""
	hidden = {place for place, count in column.items() if 0 < count < size}
	if not hidden or sum(column.values()) < size:
		return hidden
	# a 0 tells of nobody: it is hidden last
	others = sorted(column.keys() - hidden, key=lambda place: (column[place] == 0, column[place]))
	while others and is_told([column[place] for place in hidden], size):
		hidden.add(others.pop(0))
	return hidden


def is_told(counts: list[int], size: int) -> bool:
	"""Does the sum of the hidden counts tell one of them? Each is known to be 1 at least."""
	return len(counts) < 2 or sum(counts) < max(size, len(counts) + 1)
