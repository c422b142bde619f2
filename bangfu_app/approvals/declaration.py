"""What the controller of an approved DocType declares."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Approval:
	"""One approved DocType.

	`approved`: the state that the whole chain leads to.
	`content`: fields that an approval is bound to; a later change of one reopens the gate. Tables count whole.
	`added`: those of `content` that came with a later version: blank, they are as if they were not there, so that what
	was approved before them still is.
	`proposers`: fields that name users who proposed the record, beside its owner and whoever submitted it.
	`binding`: actions that bind the content although they are no approval, as the agreement of both sides.
	`ends`: states that need no way out; `by_system`: of these, the ones that no action reaches.
	`voted`: the state in which a small meeting votes.
	"""

	approved: str
	content: tuple[str, ...]
	ends: tuple[str, ...]
	by_system: tuple[str, ...] = ()
	added: tuple[str, ...] = ()
	proposers: tuple[str, ...] = ()
	binding: tuple[str, ...] = ()
	voted: str | None = None
