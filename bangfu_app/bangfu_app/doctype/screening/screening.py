import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app import admission, recognition
from bangfu_app.bangfu_app.doctype.panel_score.panel_score import anchors, panel_standing, scores_by_rater
from bangfu_app.bangfu_app.doctype.school_class.school_class import require_class_of
from bangfu_app.bangfu_app.doctype.student_need.student_need import name_needs
from bangfu_app.mapping import get_mapped_doc
from bangfu_app.persons import search_before_create
from bangfu_app.persons.name_keys import name_key
from bangfu_app.privacy import identity
from bangfu_app.privacy.number_kinds import IDENTITY, MASK, PHONE
from bangfu_app.surveys import domain_scores

# who decides on a candidate
DECIDERS = {"Bangfu Manager", "Bangfu Coordinator"}


class Screening(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.screening_rater.screening_rater import ScreeningRater
		from bangfu_app.bangfu_app.doctype.screening_result.screening_result import ScreeningResult
		from bangfu_app.bangfu_app.doctype.screening_visit.screening_visit import ScreeningVisit
		from bangfu_app.bangfu_app.doctype.student_need.student_need import StudentNeed

		address: DF.SmallText | None
		birth_date: DF.Date | None
		candidate_name: DF.Data
		census: DF.Link | None
		composite: DF.Float
		decided_by: DF.Link | None
		decided_on: DF.Date | None
		decision: DF.Literal["", "Admit", "Watch", "No Need", "Refer"]
		decision_reason: DF.SmallText | None
		duplicate_reason: DF.SmallText | None
		gender: DF.Literal["", "Female", "Male"]
		grade: DF.Literal[
			"",
			"Grade 1",
			"Grade 2",
			"Grade 3",
			"Grade 4",
			"Grade 5",
			"Grade 6",
			"Grade 7",
			"Grade 8",
			"Grade 9",
			"Grade 10",
			"Grade 11",
			"Grade 12",
		]
		guardian_name: DF.Data | None
		guardian_phone: DF.Data | None
		guardian_phone_cipher: DF.SmallText | None
		guardian_phone_hash: DF.Data | None
		guardian_relation: DF.Literal[
			"", "Father", "Mother", "Grandfather", "Grandmother", "Other Relative", "Other"
		]
		id_number: DF.Data | None
		id_number_cipher: DF.SmallText | None
		id_number_hash: DF.Data | None
		name_key: DF.Data | None
		needs: DF.Table[StudentNeed]
		origin: DF.Literal["Student", "Staff", "Outside"]
		panel: DF.Table[ScreeningRater]
		priority: DF.Literal["", "High", "Medium", "Low"]
		recheck_on: DF.Date | None
		referred_to: DF.Data | None
		reported_by: DF.Link | None
		reported_on: DF.Date
		reporter_name: DF.Data | None
		results: DF.Table[ScreeningResult]
		school: DF.Link
		school_class: DF.Link | None
		sign_academic: DF.Check
		sign_body_mind: DF.Check
		sign_economic: DF.Check
		sign_emotional: DF.Check
		source: DF.Literal[
			"Grid Worker",
			"Civil Affairs",
			"Teacher Nomination",
			"Self-report",
			"Family Interview",
			"Census",
			"Data Comparison",
			"Alert",
			"Request",
		]
		status: DF.Literal["Listed", "Visited", "Scored", "Decided"]
		student_file: DF.Link | None
		student_no: DF.Data | None
		support_focus: DF.Data | None
		visits: DF.Table[ScreeningVisit]
	# end: auto-generated types

	"""One candidate through three steps: named, visited, scored by a panel; then decided (I1–I3)."""

	sealed_numbers = {"id_number": IDENTITY, "guardian_phone": PHONE}

	def onload(self):
		self.set_onload("panel", panel_standing(self))
		self.set_onload("may_decide", may_decide())
		self.set_onload("recognition", recognition.of_candidate(self))

	def validate(self):
		self.keep_what_others_set()
		self.candidate_name = " ".join(self.candidate_name.split())
		self.name_key = name_key(self.candidate_name)
		self.validate_identity()
		require_class_of(self.school_class, self.school)
		self.support_focus = name_needs(self.needs)
		self.validate_panel()
		self.validate_decision()
		if not self.decision or self.decision_changes():
			self.set_results()
		self.set_status()
		if self.is_new():
			search_before_create.refuse_duplicates(self)

	def keep_what_others_set(self) -> None:
		"""No door writes what follows from other records; what was decided upon stays as it was."""
		before = self.get_doc_before_save()
		kept = ["student_file", "decided_by", "decided_on"]
		if before and self.decision and before.decision == self.decision:
			kept += ["composite", "priority", "results"]
		for fieldname in kept:
			self.set(fieldname, before.get(fieldname) if before else None)

	def on_trash(self):
		if self.student_file:
			frappe.throw(_("File {0} was made from this screening: it stays.").format(self.student_file))
		frappe.db.set_value("Census Pupil", {"screening": self.name}, "screening", None)
		for sheet in frappe.get_all("Panel Score", {"screening": self.name}, pluck="name"):
			frappe.delete_doc("Panel Score", sheet)

	def validate_identity(self) -> None:
		"""A number tells date of birth and gender; where they are entered too, they agree."""
		number = identity.normalise(self.id_number)
		if number and MASK not in number and not identity.fault_of(number):
			self.birth_date = self.birth_date or identity.birth_date_of(number)
			self.gender = self.gender or identity.gender_of(number)
			if fault := identity.disagreement(number, getdate(self.birth_date), self.gender):
				frappe.throw(_(fault))
		if self.birth_date and getdate(self.birth_date) > getdate():
			frappe.throw(_("The date of birth lies in the future."))

	def validate_panel(self) -> None:
		raters = [row.user for row in self.panel]
		if len(set(raters)) != len(raters):
			frappe.throw(_("A rater is in the panel twice."), title=_("Panel"))

	# ---------------------------------------------------------------- scores

	def set_results(self, but: str | None = None) -> None:
		"""Scores, weights, composite and priority; nothing before all of the panel have scored."""
		sheets = {} if self.is_new() else scores_by_rater(self.name, but)
		raters = [row.user for row in self.panel]
		is_complete = bool(raters) and set(raters) <= set(sheets)
		rows = [row for rater in raters for row in sheets[rater]] if is_complete else []
		self.set("results", domain_scores.by_domain(rows))
		self.composite, self.priority = domain_scores.judge(rows)

	def take_scores(self, but: str | None = None) -> None:
		"""A rater's scores are in (or gone): a rater need not be one who may write here."""
		self.set_results(but)
		self.set_status()
		self.db_set({"composite": self.composite or 0, "priority": self.priority, "status": self.status})
		self.update_child_table("results")

	def set_status(self) -> None:
		if self.decision:
			self.status = "Decided"
		elif self.results:
			self.status = "Scored"
		else:
			self.status = "Visited" if self.visits else "Listed"

	# ---------------------------------------------------------------- decision

	def decision_changes(self) -> bool:
		before = self.get_doc_before_save()
		return ((before.decision if before else None) or None) != (self.decision or None)

	def require_open(self) -> None:
		if self.decision:
			frappe.throw(_("The screening is decided: its scores stay."), title=_("Screening"))

	def validate_decision(self) -> None:
		if self.decision_changes():
			self.require_decider()
			self.decided_by = frappe.session.user if self.decision else None
			self.decided_on = getdate() if self.decision else None
		if not self.decision:
			return
		if not (self.decision_reason or "").strip():
			frappe.throw(_("A decision needs a reason."), exc=frappe.MandatoryError, title=_("Decision"))
		if self.decision == "Watch" and not self.recheck_on:
			frappe.throw(_("Say when to check again."), exc=frappe.MandatoryError, title=_("Decision"))
		if self.decision == "Refer" and not self.referred_to:
			frappe.throw(_("Say where to refer to."), exc=frappe.MandatoryError, title=_("Decision"))
		if self.decision == "Admit" and self.decision_changes():
			self.set_results()
			admission.require_steps(self)

	def require_decider(self) -> None:
		if not may_decide():
			frappe.throw(
				_("The coordinator or the leading group decides on a candidate."), exc=frappe.PermissionError
			)
		if self.student_file:
			frappe.throw(_("File {0} was made from this screening: it stays.").format(self.student_file))


def on_doctype_update():
	"""People of one name or phone and birthday, as on Student File."""
	frappe.db.add_index("Screening", ["name_key", "birth_date"], index_name="screening_name_birth")
	frappe.db.add_index(
		"Screening", ["guardian_phone_hash", "birth_date"], index_name="screening_phone_birth"
	)


def may_decide() -> bool:
	return frappe.session.user == "Administrator" or bool(DECIDERS & set(frappe.get_roles()))


@frappe.whitelist()
def make_panel_score(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""The own score sheet with a row for each domain in use, at no need."""
	frappe.has_permission("Screening", "read", source_name, throw=True)

	def fill(source, target):
		target.update({"screening": source.name, "rater": frappe.session.user})
		for domain in domain_scores.domains_in_use():
			target.append("scores", {"domain": domain.name, "score": domain.scale[0]})
		target.set_onload("anchors", anchors())

	tables = {"Screening": {"doctype": "Panel Score", "field_no_map": ["status", "priority", "composite"]}}
	return get_mapped_doc("Screening", source_name, tables, target_doc, fill)


@frappe.whitelist(methods=["POST"])
def make_student_file(source_name: str) -> str:
	"""Name of the file of an admitted candidate, made at the first call."""
	frappe.has_permission("Screening", "read", source_name, throw=True)
	screening = frappe.get_doc("Screening", source_name, for_update=True)
	if not screening.student_file:
		admission.require_admitted(screening)
		screening.db_set("student_file", admission.make_file(screening))
	return screening.student_file
