"""What a Layout can say of one kind of workbook; layouts.py says it.

The way of a cell is said by the path of its column:

	field           a field of the record
	table.field     a row of a child table: rows of the same key become one record,
	                or, with several=True, one cell holds the whole table
	link.field      a field of the master that is made when the link is missing
	DocType:field   a field of a record beside this one (Beside)
	name            the ID of a stored record, as an export writes it
	anything else   not stored; the layout's rules use it (and say how it is parsed)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Column:
	path: str
	headings: tuple[str, ...]
	parse: Callable[[Any], Any] | None = None  # default: by the type of the field
	words: dict[str, str] = field(default_factory=dict)  # the office's words beside the options' own Chinese
	several: bool = False
	make: bool = False  # a missing master is made
	closed: bool = False  # the masters are a list of options to whoever fills the workbook
	required: bool | None = None  # default: as the field
	example: Any = None  # in the template's example row; default: by the type of the field
	choices: tuple[str, ...] = ()  # of the drop-down of a column that is no field
	hint: str = ""  # what the template says of the column beside its format
	offered: bool = True  # stands in the template
	shown: Callable[[dict], Any] | None = None  # (stored row): what an export writes; default: as the field


@dataclass(frozen=True)
class Key:
	"""Fields that tell a record from all others; the first one is looked up in the database."""

	fields: tuple[str, ...]
	unless: tuple[str, ...] = ()  # not the same where these are known on both sides and differ
	within: tuple[str, ...] = ()  # fields with one value in the whole import; part of the look-up
	reason: Callable[[], str] | None = None  # said of a second row with the same key
	at: str = ""  # the column to blame; default: the last field


@dataclass(frozen=True)
class Beside:
	"""A dated record beside the one of the row: a new one where the row says other than the newest."""

	doctype: str
	link: str
	dated: Callable[[], dict]  # values of a new one
	newest: str = "creation desc"


@dataclass(frozen=True)
class Layout:
	name: str
	doctype: str
	columns: tuple[Column, ...]
	keys: tuple[Key, ...]
	constants: dict[str, Any] = field(default_factory=dict)  # of a new record
	of: dict[str, Any] = field(default_factory=dict)  # of every record: made with, looked up by, exported by
	submit: bool = False
	exported: bool = False  # a list of the DocType is exported in these columns
	grouped: bool = (
		False  # rows of the same key are one record; so it is anyway where rows are lines of a table
	)
	repeats: bool = False  # equal rows are several records
	options: tuple[str, ...] = ()  # what must be said beside the workbook
	# (row, value_of): the record's own rules on a plain row. Where it is given, records are written by sets
	# (bulk.py): the DocType must do nothing else on insert that matters
	bulk: Callable[[Any, Callable], None] | None = None
	complete: Callable[[list], None] | None = None  # (plain rows): what is found out for all of them at once
	follow: Callable[[list], None] | None = None  # (plain rows): what follows elsewhere from new records
	beside: Beside | None = None
	every_sheet: bool = False  # several sheets with the columns are parts of one list
	spread: Callable[[Any], tuple[Column, ...]] | None = None  # (import): columns known with the options only
	# (row, import): the field values of each record that a row holds
	split: Callable[[Any, Any], list[dict]] | None = None
	check: Callable[[Any, Any], None] | None = None  # (row, import): rules across cells
	check_all: Callable[[list, Any], None] | None = None  # (rows, import): rules that look things up
	# (document, values): leave out what is not the workbook's
	before_update: Callable[[Any, dict], None] | None = None
	finish: Callable[[Any], None] | None = None  # (import): what all rows make together
	afterwards: Callable[[], None] | None = None  # once, after something was created or updated and kept

	@property
	def is_whole(self) -> bool:
		"""Can rows be judged only when all are known?"""
		return bool(self.finish or self.repeats)
