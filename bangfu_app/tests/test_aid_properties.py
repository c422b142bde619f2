"""Whatever is given, handed out, brought back, written off and cancelled: nothing appears, nothing vanishes."""

from decimal import Decimal

import frappe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu_app.bangfu_app.doctype.aid_distribution.aid_distribution import make_return
from bangfu_app.goods import aid_stock
from bangfu_app.tests import BangfuTestCase, factories

quantities = st.integers(1, 6)
prices = st.integers(0, 5000).map(lambda number: number / 100)
steps = st.one_of(
	st.tuples(st.just("donate"), quantities, prices, st.booleans()),
	st.tuples(st.just("distribute"), quantities, st.just(0), st.booleans()),
	st.tuples(
		st.just("bring back"),
		quantities,
		st.integers(0, 9),
		st.sampled_from(["Back in Stock", "Lost", "Worn Out"]),
	),
	st.tuples(st.just("write off"), quantities, st.just(0), st.booleans()),
	st.tuples(st.just("cancel"), st.integers(0, 20), st.just(0), st.booleans()),
)


class TestNothingVanishes(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student().name

	@settings(
		max_examples=30,
		deadline=None,
		derandomize=True,
		database=None,
		suppress_health_check=list(HealthCheck),
	)
	@given(st.lists(steps, min_size=4, max_size=14))
	def test_any_sequence(self, sequence):
		frappe.db.savepoint("sequence")
		self.item = factories.make_item(f"Item {factories.serial()}").name
		self.documents = []
		try:
			for step in sequence:
				self.take(*step)
				self.check()
		finally:
			frappe.db.rollback(save_point="sequence")

	def take(self, kind: str, number: int, detail, flag) -> None:
		"""One step; one that is not possible is refused and changes nothing."""
		frappe.db.savepoint("step")
		try:
			made = getattr(self, kind.replace(" ", "_"))(number, detail, flag)
		except frappe.ValidationError:
			frappe.db.rollback(save_point="step")
			frappe.clear_messages()
		else:
			self.documents += [made] if made else []

	def donate(self, qty, price, _flag):
		return factories.make_donation(self.item, qty, price)

	def distribute(self, qty, _detail, to_partner):
		receiver = {"partner": factories.make_partner().name} if to_partner else {}
		return factories.make_distribution(self.item, None if to_partner else self.student, qty, **receiver)

	def write_off(self, qty, _detail, _flag):
		return factories.make_write_off(self.item, qty)

	def bring_back(self, qty, which, outcome):
		given_out = [doc for doc in self.documents if doc.doctype == "Aid Distribution"]
		if not given_out:
			return None
		returned = make_return(given_out[which % len(given_out)].name)
		if not returned.items:
			return None
		returned.items[0].update({"qty": qty, "outcome": outcome})
		returned.set("items", returned.items[:1])
		returned.return_date = "2025-06-20"
		return returned.insert().submit()

	def cancel(self, which, _detail, _flag):
		if self.documents:
			doc = frappe.get_doc(self.documents[which % len(self.documents)].as_dict())
			doc.reload()
			if doc.docstatus == 1:
				doc.cancel()

	def lines(self, doctype: str, lot: str, **only) -> list:
		filters = {"donation_line": lot, "docstatus": 1, **only}
		return frappe.get_all(f"{doctype} Item", filters, ["name", "qty", "amount", "unit_value"])

	def check(self) -> None:
		for lot in aid_stock.lots([self.item]):
			out = self.lines("Aid Distribution", lot.name)
			back = self.lines("Aid Return", lot.name)
			off = self.lines("Aid Write Off", lot.name)
			pieces = [sum((Decimal(str(row.qty)) for row in rows), Decimal(0)) for rows in (out, back, off)]
			gone = self.lines("Aid Return", lot.name, outcome=["!=", aid_stock.BACK_IN_STOCK])
			lost = sum((Decimal(str(row.qty)) for row in gone), Decimal(0))
			with_students = pieces[0] - pieces[1]
			self.assertGreaterEqual(lot.left, 0)
			self.assertGreaterEqual(with_students, 0)
			self.assertEqual(lot.received, lot.left + with_students + lost + pieces[2])
			self.check_cents(lot, out, back, off, gone)

	def check_cents(self, lot, out, back, off, gone) -> None:
		"""Prices of whole cents: the lines' values add up as the pieces do."""
		out, back, off, gone = (
			sum((Decimal(str(row.amount)) for row in rows), Decimal(0)) for rows in (out, back, off, gone)
		)
		whole = aid_stock.value_of(lot.received, lot.unit_value)
		self.assertEqual(whole, aid_stock.value_of(lot.left, lot.unit_value) + (out - back) + gone + off)


class TestCents(BangfuTestCase):
	@settings(max_examples=60, deadline=None, derandomize=True, database=None)
	@given(st.decimals("0.1", 50, places=1), st.decimals(0, 500, places=4))
	def test_each_line_is_whole_cents(self, qty, price):
		value = aid_stock.value_of(qty, price)
		self.assertEqual(value, value.quantize(Decimal("0.01")))
		self.assertLessEqual(abs(value - qty * price), Decimal("0.005"))
