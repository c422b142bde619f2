from bangfu_app.privacy.number_kinds import PHONE
from bangfu_app.privacy.sealed_numbers import SealedDocument


class StudentContact(SealedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		contact_name: DF.Data
		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		phone: DF.Data | None
		phone_cipher: DF.SmallText | None
		phone_hash: DF.Data | None
		relation: DF.Data | None
	# end: auto-generated types

	sealed_numbers = {"phone": PHONE}
