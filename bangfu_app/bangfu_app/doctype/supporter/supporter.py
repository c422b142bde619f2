from collections.abc import Iterable

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count
from frappe.utils import getdate

from bangfu_app.privacy.number_kinds import PHONE
from bangfu_app.privacy.sealed_numbers import SealedDocument


class Supporter(SealedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.supporter_qualification.supporter_qualification import (
			SupporterQualification,
		)
		from bangfu_app.bangfu_app.doctype.supporter_subject.supporter_subject import SupporterSubject

		active_students: DF.Int
		agreement_from: DF.Date | None
		agreement_to: DF.Date | None
		capacity: DF.Int
		email: DF.Data | None
		gender: DF.Literal["", "Female", "Male"]
		languages: DF.Data | None
		notes: DF.SmallText | None
		partner: DF.Link | None
		phone: DF.Data | None
		phone_cipher: DF.SmallText | None
		phone_hash: DF.Data | None
		qualifications: DF.Table[SupporterQualification]
		status: DF.Literal["Active", "Paused", "Withdrawn"]
		subjects: DF.TableMultiSelect[SupporterSubject]
		supporter_kind: DF.Literal[
			"School Teacher",
			"Retired Teacher",
			"Counsellor",
			"Social Worker",
			"University Volunteer",
			"Enterprise Employee",
			"Resource Teacher",
			"Contact Cadre",
			"Student Peer",
			"Other",
		]
		supporter_name: DF.Data
		temperament: DF.Literal["", "Gentle and Patient", "Rigorous and Careful", "Lively and Outgoing"]
		trained: DF.Check
		user: DF.Link | None
	# end: auto-generated types

	sealed_numbers = {"phone": PHONE}

	def validate(self):
		self.supporter_name = self.supporter_name.strip()
		self.validate_from_to_dates("agreement_from", "agreement_to")

	def onload(self):
		self.set_onload("free_places", max(self.capacity - (self.active_students or 0), 0))

	def agreement_covers(self, day: str) -> bool:
		"""Does the agreement hold on this day? An open end holds on."""
		return not (
			(self.agreement_from and getdate(day) < getdate(self.agreement_from))
			or (self.agreement_to and getdate(day) > getdate(self.agreement_to))
		)


def count_active_students(supporters: Iterable[str]) -> dict[str, int]:
	"""Students of each supporter's active pairings, whose membership has not ended (T1, T2)."""
	pairing = frappe.qb.DocType("Pairing")
	member = frappe.qb.DocType("Pairing Member")
	supporters = list(supporters)
	rows = (
		frappe.qb.from_(member)
		.join(pairing)
		.on(member.parent == pairing.name)
		.where((pairing.status == "Active") & member.supporter.isin(supporters))
		.where(member.to_date.isnull() | (member.to_date >= getdate()))
		.groupby(member.supporter)
		.select(member.supporter, Count(pairing.student).distinct())
	).run()
	return dict.fromkeys(supporters, 0) | dict(rows)


def refresh_active_students(supporters: Iterable[str]) -> None:
	"""Store the counts that the list and the matching show."""
	if supporters := set(supporters):
		for name, count in count_active_students(supporters).items():
			frappe.db.set_value("Supporter", name, "active_students", count, update_modified=False)


@frappe.whitelist()
def make_pairing(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A pairing that this supporter leads, to be given a student."""
	supporter = frappe.get_doc("Supporter", source_name)
	supporter.check_permission("read")
	if supporter.status != "Active":
		frappe.throw(_("{0} is not active.").format(supporter.supporter_name))
	role = {
		"Social Worker": "Lead Social Worker",
		"School Teacher": "Fixed Teacher",
		"Retired Teacher": "Fixed Teacher",
	}
	pairing = frappe.new_doc("Pairing")
	pairing.append(
		"members",
		{
			"supporter": supporter.name,
			"supporter_name": supporter.supporter_name,
			"member_role": role.get(supporter.supporter_kind, "Volunteer"),
		},
	)
	return pairing
