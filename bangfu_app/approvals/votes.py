"""Class review as a small meeting (A1): votes in person and on paper; quorum and majority are settings."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Sum

from bangfu_app.approvals.chain import Chain
from bangfu_app.approvals.content import digest_of

CHOICES = ("For", "Against", "Abstain")


class VotesMissingError(frappe.ValidationError):
	pass


@dataclass
class Tally:
	"""Votes of one meeting; abstentions count for the quorum, not for the majority."""

	votes_for: int = 0
	votes_against: int = 0
	abstentions: int = 0

	@property
	def cast(self) -> int:
		return self.votes_for + self.votes_against + self.abstentions

	def has_quorum(self, quorum: int) -> bool:
		return self.cast >= quorum

	def is_passed(self, quorum: int, majority: float) -> bool:
		"""More than `majority` percent of the votes for and against are for."""
		decided = self.votes_for + self.votes_against
		return self.has_quorum(quorum) and self.votes_for * 100 > majority * decided

	def as_fields(self) -> dict[str, int]:
		return {
			"votes_for": self.votes_for,
			"votes_against": self.votes_against,
			"abstentions": self.abstentions,
		}


def rules() -> tuple[int, float]:
	"""Quorum in votes, majority in percent."""
	settings = frappe.get_cached_doc("Bangfu Settings")
	return settings.class_review_quorum or 1, settings.class_review_majority or 0


def tally(doc: Document) -> Tally:
	"""Votes on this content in this state: votes on an earlier content are void."""
	vote = frappe.qb.DocType("Approval Vote")
	rows = (
		frappe.qb.from_(vote)
		.where((vote.reference_doctype == doc.doctype) & (vote.reference_name == doc.name))
		.where(vote.meeting == meeting_of(doc))
		.groupby(vote.choice)
		.select(vote.choice, Sum(vote.votes))
	).run()
	count = {choice: int(votes) for choice, votes in rows}
	return Tally(*(count.get(choice, 0) for choice in CHOICES))


def meeting_of(doc: Document) -> str:
	"""Which meeting a vote belongs to: the time the record has spent in this state, on this content."""
	step = frappe.qb.DocType("Approval Step")
	entered = (
		frappe.qb.from_(step)
		.where((step.reference_doctype == doc.doctype) & (step.reference_name == doc.name))
		.where(step.to_state == doc.status)
		.orderby(step.step_number, order=frappe.qb.desc)
		.limit(1)
		.select(step.step_number)
	).run()
	return f"{entered[0][0] if entered else 0}-{digest_of(doc)[:16]}"


def may_vote(doc: Document, chain: Chain, user: str) -> bool:
	"""Who may approve here or sits in the class's review panel, and did not propose the record."""
	roles = set(frappe.get_roles(user))
	approves = any(row.allowed in roles and chain.is_approval(row) for row in chain.from_state(doc.status))
	return approves and user not in doc.proposers()


def cast(
	doc: Document, choice: str, votes: int = 1, voter: str | None = None, names: str | None = None
) -> None:
	"""One vote in person (`voter`), or `votes` on paper. A second vote in person replaces the first."""
	if choice not in CHOICES:
		frappe.throw(_("A vote is for, against or an abstention."))
	if votes < 0:
		frappe.throw(_("A number of votes cannot be less than 0."))
	meeting = meeting_of(doc)
	if voter:
		frappe.db.delete(
			"Approval Vote",
			{
				"reference_doctype": doc.doctype,
				"reference_name": doc.name,
				"meeting": meeting,
				"voter": voter,
			},
		)
	if not votes:
		return
	vote = frappe.get_doc(
		{
			"doctype": "Approval Vote",
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"student": doc.name if doc.doctype == "Student File" else doc.get("student"),
			"school": doc.get("school"),
			"meeting": meeting,
			"voter": voter,
			# the same voter twice in one meeting is refused by the database too
			"ballot": f"{doc.name}/{meeting}/{voter}" if voter else frappe.generate_hash(length=20),
			"choice": choice,
			"votes": votes,
			"names": names,
			"recorded_by": frappe.session.user,
		}
	)
	vote.set_new_name()
	vote.set_user_and_timestamp()
	# voting is an action with its own checks (actions.py), no right to write votes by hand
	vote.db_insert()


def require_majority(doc: Document) -> Tally:
	"""The tally of the meeting, when it has a quorum and a majority; throws what is missing otherwise."""
	quorum, majority = rules()
	result = tally(doc)
	if not result.has_quorum(quorum):
		message = _("{0} of {1} votes so far. Record the votes of the meeting first.").format(
			result.cast, quorum
		)
	elif not result.is_passed(quorum, majority):
		message = _("{0} for, {1} against: the majority of more than {2} % is missing.").format(
			result.votes_for, result.votes_against, f"{majority:g}"
		)
	else:
		return result
	frappe.throw(message, exc=VotesMissingError, title=_("Class Review"))
