from frappe.model.document import Document


class Partner(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		agreement_from: DF.Date | None
		agreement_to: DF.Date | None
		contact_person: DF.Data | None
		email: DF.Data | None
		notes: DF.SmallText | None
		partner_name: DF.Data
		partner_type: DF.Literal[
			"School",
			"Enterprise",
			"Foundation",
			"University",
			"Clinic",
			"Social Organisation",
			"Government",
			"Individual",
		]
		phone: DF.Data | None
	# end: auto-generated types

	def validate(self):
		self.partner_name = self.partner_name.strip()
		self.validate_from_to_dates("agreement_from", "agreement_to")
