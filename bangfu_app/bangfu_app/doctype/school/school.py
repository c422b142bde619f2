from frappe.model.document import Document


class School(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.school_department.school_department import SchoolDepartment

		address: DF.SmallText | None
		city: DF.Data | None
		community: DF.Data | None
		coordinator: DF.Link | None
		departments: DF.Table[SchoolDepartment]
		district: DF.Data | None
		enabled: DF.Check
		phone: DF.Data | None
		province: DF.Data | None
		school_name: DF.Data
		school_type: DF.Literal[
			"Primary School",
			"Junior Secondary School",
			"Nine-year School",
			"Senior Secondary School",
			"Vocational School",
			"Special School",
			"University",
			"Community",
		]
		street: DF.Data | None
	# end: auto-generated types

	pass
