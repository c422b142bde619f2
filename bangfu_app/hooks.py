from frappe.utils import get_absolute_url

from bangfu_app.bookkeeping.documents import DATES as _BOOKED
from bangfu_app.bookkeeping.guard import MAPPED as _MAPPED
from bangfu_app.completeness import FOLLOWED as _FOLLOWED
from bangfu_app.rights.criteria import CRITERIA as _CRITERIA
from bangfu_app.rights.surfaces import TRACES as _TRACES

app_name = "bangfu_app"
app_title = "Bangfu"
app_publisher = "Bangfu App Contributors"
app_description = "One student, one file, one plan: support for disadvantaged students"
app_email = "bangfu@example.org"
app_license = "MIT"

# The tile on the apps screen. The desk moved from /app to /desk with Frappe 16; Frappe knows where it is.
add_to_apps_screen = [
	{
		"name": app_name,
		"logo": "/assets/bangfu_app/images/bangfu.svg",
		"title": app_title,
		"route": get_absolute_url("Support Management", "").rstrip("/"),
		"has_permission": "bangfu_app.rights.permissions.has_app_permission",
	}
]

# Frappe writes the type block of a controller when its DocType is saved in developer mode
export_python_type_annotations = True
# newer Frappe refuses an untyped endpoint
require_type_annotated_api_methods = True

after_install = "bangfu_app.install.after_install"
after_migrate = [
	"bangfu_app.install.after_migrate",
	"bangfu_app.bookkeeping.custom_fields.follow_apps",
]
setup_wizard_complete = "bangfu_app.masters.follow_language"
before_uninstall = "bangfu_app.install.before_uninstall"
# the other app that may come or go: the links to ERPNext's records
after_app_install = "bangfu_app.bookkeeping.custom_fields.follow_apps"
before_app_uninstall = "bangfu_app.bookkeeping.custom_fields.leave"

# Rights that depend on the student: one criterion for lists, link search and documents (criteria.py)
# and what Frappe keeps beside our records (surfaces.py)
permission_query_conditions = {
	**dict.fromkeys(_CRITERIA, "bangfu_app.rights.permissions.record_query"),
	**dict.fromkeys(_TRACES, "bangfu_app.rights.surfaces.trace_query"),
}
has_permission = {
	**dict.fromkeys(_CRITERIA, "bangfu_app.rights.permissions.has_record_permission"),
	**dict.fromkeys(_TRACES, "bangfu_app.rights.surfaces.has_trace_permission"),
}

scheduler_events = {
	"hourly": ["bangfu_app.alerts.clock.escalate_overdue", "bangfu_app.money.relief.escalate_overdue"],
	"daily": [
		"bangfu_app.bangfu_app.doctype.pairing.pairing.end_expired_pairings",
		"bangfu_app.approvals.waiting.send_digests",
		"bangfu_app.privacy.key_rotation.retire_previous_key",
		"bangfu_app.privacy.consent.withdraw_lapsed_cases",
		"bangfu_app.census.make_yearly_campaigns",
		"bangfu_app.census.remind_late",
		"bangfu_app.census.remind_rechecks",
		"bangfu_app.alerts.finding.find_alerts",
		"bangfu_app.money.eligibility_snapshot.mark_changed",
		"bangfu_app.goods.pledges.remind_late",
	],
	"daily_long": [
		"bangfu_app.persons.duplicate_desk.find_pairs",
		"bangfu_app.completeness.count_all",
	],
}

# DocTypes that declare sealed numbers, themselves or a table of theirs (sealed_numbers.py)
_NUMBERED = ("Student File", "Supporter", "Screening", "Payee Account")

# Frappe's own surfaces that know no rights of ours
before_request = [
	"bangfu_app.rights.field_levels.close_lists",
	"bangfu_app.privacy.confidential.guard_request",
]
before_job = ["bangfu_app.rights.field_levels.close_lists"]
override_whitelisted_methods = {
	"frappe.desk.search.get_link_title": "bangfu_app.rights.surfaces.get_link_title",
	"frappe.core.api.file.zip_files": "bangfu_app.rights.surfaces.zip_files",
	"frappe.desk.listview.get_group_by_count": "bangfu_app.rights.surfaces.get_group_by_count",
}
override_doctype_class = {
	"File": "bangfu_app.rights.surfaces.RecordFile",
	"Error Log": "bangfu_app.privacy.confidential.ScrubbedErrorLog",
}
doc_events = {
	tuple(_CRITERIA): {
		**dict.fromkeys(
			("validate", "before_update_after_submit"),
			"bangfu_app.rights.surfaces.require_private_attachments",
		),
		"before_print": "bangfu_app.rights.surfaces.require_print_right",
	},
	("Aid Donation", "Aid Write Off"): {
		"validate": "bangfu_app.rights.surfaces.require_private_attachments",
		"before_print": "bangfu_app.rights.surfaces.require_print_right",
	},
	_NUMBERED: {
		"validate": "bangfu_app.privacy.sealed_numbers.seal_all",
		"on_trash": "bangfu_app.privacy.sealed_numbers.forget",
	},
	# how complete a file is follows its records
	_FOLLOWED: dict.fromkeys(("on_change", "on_trash"), "bangfu_app.completeness.follow"),
	"Student File": {
		"on_update": [
			"bangfu_app.scores.exam_scores.follow_student",
			"bangfu_app.enrolment.follow_school",
		],
		"on_trash": "bangfu_app.scores.exam_scores.let_go",
	},
	# a pledge is kept by donations, a plan by distributions, a device goes its way by both
	("Aid Donation",): {
		"validate": "bangfu_app.goods.pledges.check",
		"on_submit": ["bangfu_app.goods.pledges.deliver", "bangfu_app.goods.devices.follow_donation"],
		"on_cancel": "bangfu_app.goods.pledges.take_back",
		"on_trash": "bangfu_app.goods.devices.let_go",
	},
	("Aid Distribution",): {
		"validate": "bangfu_app.goods.aid_due.check_lines",
		**dict.fromkeys(("on_submit", "on_cancel"), "bangfu_app.goods.devices.follow_distribution"),
		"on_trash": "bangfu_app.goods.devices.let_go",
	},
	("Aid Return",): dict.fromkeys(("on_submit", "on_cancel"), "bangfu_app.goods.devices.follow_return"),
	# ERPNext's books, where there are any (bookkeeping/)
	tuple(_BOOKED): {
		"on_submit": "bangfu_app.bookkeeping.posting.post",
		"on_cancel": "bangfu_app.bookkeeping.posting.cancel",
	},
	tuple(_MAPPED): {"validate": "bangfu_app.bookkeeping.guard.keep_mapping"},
	("Stock Entry", "Journal Entry"): {
		"validate": "bangfu_app.bookkeeping.guard.keep_mark",
		"before_cancel": "bangfu_app.bookkeeping.guard.hold_voucher",
		"on_trash": "bangfu_app.bookkeeping.guard.hold_voucher",
	},
	"Version": {"before_insert": "bangfu_app.privacy.sealed_numbers.hide_in_version"},
	"Custom DocPerm": {"validate": "bangfu_app.privacy.sealed_numbers.refuse_level"},
	"Workflow": {
		"validate": "bangfu_app.approvals.chain.check_chain",
		"on_update": "bangfu_app.approvals.chain.follow_chain",
	},
	"File": {
		"before_validate": "bangfu_app.rights.surfaces.keep_file_private",
		"validate": "bangfu_app.privacy.confidential.refuse_plain_file",
		"on_trash": [
			"bangfu_app.privacy.confidential.refuse_to_delete_paper",
			"bangfu_app.completeness.follow",
		],
		"after_insert": "bangfu_app.completeness.follow",
	},
	"DocShare": {"before_validate": "bangfu_app.rights.surfaces.refuse_share"},
	# nothing confidential beside a Confidential Record (confidential.py)
	"Comment": {"validate": "bangfu_app.privacy.confidential.refuse_beside"},
	"Communication": {"validate": "bangfu_app.privacy.confidential.refuse_beside"},
	"Tag Link": {"validate": "bangfu_app.privacy.confidential.refuse_beside"},
	"Document Share Key": {"before_insert": "bangfu_app.rights.surfaces.refuse_share"},
	"Document Follow": {"after_insert": "bangfu_app.rights.surfaces.unfollow"},
	"ToDo": {
		"validate": [
			"bangfu_app.rights.surfaces.require_reader",
			"bangfu_app.privacy.confidential.refuse_beside",
		],
	},
	"Notification Log": {"before_insert": "bangfu_app.rights.surfaces.neutralise_notice"},
	"Error Log": {"before_insert": "bangfu_app.rights.surfaces.scrub_error"},
}

# logs that do not hold the record they are about
ignore_links_on_delete = ["Approval Step", "Approval Vote", "Disclosure Log"]

# the vouchers of a record among its connections
override_doctype_dashboards = {
	doctype: f"bangfu_app.bookkeeping.connections.{doctype.lower().replace(' ', '_')}" for doctype in _BOOKED
}

calendars = ["Support Session", "Aid Pledge"]
extend_bootinfo = ["bangfu_app.boot.name_app", "bangfu_app.boot.tell_shown_numbers"]

# what the print format Student Dossier shows
jinja = {"methods": ["bangfu_app.dossier.student_dossier"]}

# Form and list code that several DocTypes share; it travels with the DocType and needs no build
doctype_js = {
	"Bangfu Settings": "public/js/bookkeeping.js",
	"Stock Entry": "public/js/bookkeeping.js",
	"Journal Entry": "public/js/bookkeeping.js",
	"Student Alert": "public/js/alert_clock.js",
	"Relief Request": "public/js/alert_clock.js",
	"Student File": [
		"public/js/alert_clock.js",
		"public/js/next_record.js",
		"public/js/approvals.js",
		"public/js/sealed_numbers.js",
		"public/js/search_before_create.js",
		"public/js/completeness.js",
		"public/js/recognition.js",
		"public/js/score_trend.js",
	],
	"Duplicate Pair": "public/js/search_before_create.js",
	"Student Merge": "public/js/search_before_create.js",
	"Screening": [
		"public/js/next_record.js",
		"public/js/sealed_numbers.js",
		"public/js/search_before_create.js",
		"public/js/recognition.js",
		"public/js/export.js",
	],
	"Needs Survey": "public/js/next_record.js",
	"Support Plan": ["public/js/next_record.js", "public/js/approvals.js"],
	"Pairing": "public/js/next_record.js",
	"Support Programme": ["public/js/next_record.js", "public/js/unknown_figures.js"],
	"Support Evaluation": "public/js/unknown_figures.js",
	"Supporter": ["public/js/next_record.js", "public/js/sealed_numbers.js"],
	"Payee Account": "public/js/sealed_numbers.js",
	"Aid Donation": "public/js/next_record.js",
	"Aid Fund": "public/js/next_record.js",
	"Fund Budget": "public/js/next_record.js",
	"Aid Pledge": "public/js/next_record.js",
	"Device Application": "public/js/next_record.js",
	"Case Closure": ["public/js/next_record.js", "public/js/approvals.js"],
	"Support Session": "public/js/add_students.js",
	"Aid Distribution": ["public/js/next_record.js", "public/js/add_students.js"],
	"Subsidy Batch": ["public/js/next_record.js", "public/js/approvals.js", "public/js/add_students.js"],
}
_IMPORTED = ("Student File", "Supporter", "Aid Donation", "Support Session", "Support Indicator")
_IMPORTED += ("School Class", "Partner", "Exam Score", "Needs Survey", "Payee Account")
doctype_list_js = {
	doctype: [
		*(["public/js/import_from_excel.js"] if doctype in _IMPORTED else []),
		*(["public/js/find_by_number.js"] if doctype in _NUMBERED else []),
		*(["public/js/alert_clock.js"] if doctype in ("Student Alert", "Relief Request") else []),
		*(["public/js/export.js"] if doctype in (*_CRITERIA, *_IMPORTED) else []),
	]
	for doctype in (*_CRITERIA, *_IMPORTED, *_NUMBERED)
}
