from frappe.utils import get_absolute_url

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
		"has_permission": "bangfu_app.permissions.has_app_permission",
	}
]

# Frappe writes the type block of a controller when its DocType is saved in developer mode
export_python_type_annotations = True
# newer Frappe refuses an untyped endpoint
require_type_annotated_api_methods = True

after_install = "bangfu_app.install.after_install"
after_migrate = "bangfu_app.install.after_migrate"
setup_wizard_complete = "bangfu_app.masters.follow_language"
before_uninstall = "bangfu_app.install.before_uninstall"

# Rights that depend on the student: one criterion for lists, link search and documents (permissions.py)
permission_query_conditions = {
	"Student File": "bangfu_app.permissions.student_file_query",
	"Student Circumstances": "bangfu_app.permissions.student_record_query",
	"Needs Survey": "bangfu_app.permissions.student_record_query",
	"Support Plan": "bangfu_app.permissions.student_record_query",
	"Pairing": "bangfu_app.permissions.student_record_query",
	"Support Evaluation": "bangfu_app.permissions.student_record_query",
	"Case Closure": "bangfu_app.permissions.student_record_query",
	"Support Session": "bangfu_app.permissions.support_session_query",
	"Aid Distribution": "bangfu_app.permissions.aid_distribution_query",
}
has_permission = {
	"Student File": "bangfu_app.permissions.has_student_file_permission",
	"Student Circumstances": "bangfu_app.permissions.has_student_record_permission",
	"Needs Survey": "bangfu_app.permissions.has_student_record_permission",
	"Support Plan": "bangfu_app.permissions.has_student_record_permission",
	"Pairing": "bangfu_app.permissions.has_student_record_permission",
	"Support Evaluation": "bangfu_app.permissions.has_student_record_permission",
	"Case Closure": "bangfu_app.permissions.has_student_record_permission",
	"Support Session": "bangfu_app.permissions.has_support_session_permission",
	"Aid Distribution": "bangfu_app.permissions.has_aid_distribution_permission",
}

scheduler_events = {
	"daily": ["bangfu_app.bangfu_app.doctype.pairing.pairing.end_expired_pairings"],
}

# Frappe's own surfaces that know no rights of ours
override_whitelisted_methods = {"frappe.desk.search.get_link_title": "bangfu_app.permissions.get_link_title"}
doc_events = {"Version": {"before_insert": "bangfu_app.permissions.hide_identity_numbers"}}

calendars = ["Support Session"]
extend_bootinfo = "bangfu_app.boot.name_app"

# what the print format Student Dossier shows
jinja = {"methods": ["bangfu_app.dossier.student_dossier"]}

# Form and list code that several DocTypes share; it travels with the DocType and needs no build
doctype_js = {
	"Student File": "public/js/next_record.js",
	"Needs Survey": "public/js/next_record.js",
	"Support Plan": "public/js/next_record.js",
	"Pairing": "public/js/next_record.js",
	"Support Programme": ["public/js/next_record.js", "public/js/unknown_figures.js"],
	"Support Evaluation": "public/js/unknown_figures.js",
	"Supporter": "public/js/next_record.js",
	"Aid Donation": "public/js/next_record.js",
	"Case Closure": "public/js/next_record.js",
	"Support Session": "public/js/add_students.js",
	"Aid Distribution": "public/js/add_students.js",
}
doctype_list_js = {
	"Student File": "public/js/import_from_excel.js",
	"Supporter": "public/js/import_from_excel.js",
	"Aid Donation": "public/js/import_from_excel.js",
	"Support Session": "public/js/import_from_excel.js",
	"Support Indicator": "public/js/import_from_excel.js",
}
