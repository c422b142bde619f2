"""From an admitted candidate to the student file: what comes before (I2, I3), and what goes over."""

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.bangfu_app.doctype.school_class.school_class import stage_of
from bangfu_app.mapping import get_mapped_doc
from bangfu_app.privacy import sealed_numbers

# without these no file can be written
NEEDED = ("gender", "birth_date", "needs")


def require_steps(screening: Document) -> None:
	"""Visits and raters come before admission, as many as Bangfu Settings asks for."""
	settings = frappe.get_cached_doc("Bangfu Settings")
	visits = len(screening.visits)
	raters = len(screening.panel) if screening.results else 0
	if visits < settings.screening_visits:
		frappe.throw(
			_("{0} of {1} visits are recorded.").format(visits, settings.screening_visits), title=_("Visits")
		)
	if raters < settings.screening_raters:
		frappe.throw(
			_("{0} of {1} raters have scored, with all of the panel.").format(
				raters, settings.screening_raters
			),
			title=_("Scores"),
		)


def require_admitted(screening: Document) -> None:
	"""Admitted, and all there that a file has to say."""
	if screening.decision != "Admit":
		frappe.throw(_("A file is made of a candidate who is admitted."), title=_("Student File"))
	label = screening.meta.get_label
	if lacking := [_(label(name), context="Screening") for name in NEEDED if not screening.get(name)]:
		frappe.throw(
			_("Fill in first: {0}").format("、".join(lacking)),
			exc=frappe.MandatoryError,
			title=_("Student File"),
		)


def make_file(screening: Document) -> str:
	"""Name of the file, with the evidence found on the candidate. The caller keeps it on the screening."""
	file = _filled_in(screening)
	file.flags.made_from_screening = True
	file.insert()
	_carry_evidence(screening.name, file)
	return file.name


def _filled_in(screening: Document) -> Document:
	"""Sealed numbers go over on the server alone."""

	def fill(source, target):
		target.stage = stage_of(source.school, source.grade)
		target.priority = source.priority
		target.duplicate_reason = source.duplicate_reason
		for fieldname in source.sealed_numbers:
			target.set(fieldname, sealed_numbers.unseal(source, fieldname))

	fields = {"candidate_name": "student_name", "reported_on": "identified_on", "reported_by": "nominated_by"}
	tables = {
		"Screening": {
			"doctype": "Student File",
			"field_map": {**fields, "name": "screening"},
			"field_no_map": ["status"],
		},
		"Student Need": {"doctype": "Student Need"},
	}
	# the right to make a file is asked with its class in it
	target = frappe.new_doc("Student File", school_class=screening.school_class)
	return get_mapped_doc("Screening", screening.name, tables, target, fill)


def _carry_evidence(screening: str, file: Document) -> None:
	evidence = frappe.qb.DocType("Recognition Evidence")
	(
		frappe.qb.update(evidence)
		.set(evidence.student, file.name)
		.set(evidence.student_name, file.student_name)
		.set(evidence.school, file.school)
		.where(evidence.screening == screening)
	).run()
