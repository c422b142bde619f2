"""Money of the demo year: funds, a term's subsidy with one account that fails, relief, work-study, a budget."""

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate

from bangfu_app.approvals import actions
from bangfu_app.bangfu_app.doctype.subsidy_batch.subsidy_batch import make_payment
from bangfu_app.demo import people
from bangfu_app.demo.people import add, as_user

TERM = "2024-2025学年第二学期"
GOVERNMENT, LOVE = "2025年学生资助专项资金", "阳光爱心助学基金"
LIVING, RELIEF, WORK = "困难学生生活补助", "临时救助", "勤工助学"
WRONG_ACCOUNT = "账号与户名不符"


def load(files: list[Document], programme: str) -> None:
	with as_user(people.FINANCE):
		make_funds()
		make_schemes()
	with as_user(people.COORDINATOR):
		enter_accounts(files)
		work(files)
	subsidise()
	relieve(files[3])
	with as_user(people.FINANCE):
		spend(programme)


def make_funds() -> None:
	year = {"from_date": "2025-01-01", "to_date": "2025-12-31"}
	add(
		"Aid Fund",
		fund_name=GOVERNMENT,
		source_type="Government Budget",
		budget=60000,
		limit_by="Budget",
		**year,
	)
	add("Aid Fund", fund_name=LOVE, source_type="Love Fund", limit_by="Money Received", **year)
	for day, donor, amount in (("2025-03-18", "晨光文具公司", 12000), ("2025-06-01", "希望公益基金会", 8000)):
		donation = add(
			"Aid Donation", kind="Money", donor=donor, donation_date=day, fund=LOVE, money_amount=amount
		)
		donation.submit()


def make_schemes() -> None:
	add(
		"Subsidy Scheme",
		scheme_name=LIVING,
		kind="Living Subsidy",
		fund=GOVERNMENT,
		neutral_name="学期助学款",
		policy_reference="义务教育阶段每学期625元,高中阶段每学期1000元(示例标准)",
		period_kind="Term",
		amount_rule="By Group",
		amounts=[
			{"stage": "Compulsory Education", "amount": 625},
			{"stage": "Senior Secondary", "amount": 1000},
		],
	)
	add(
		"Subsidy Scheme",
		scheme_name=RELIEF,
		kind="Temporary Relief",
		fund=LOVE,
		neutral_name="专项助学款",
		period_kind="Once",
		amount_rule="As Decided",
		decision_hours=24,
	)
	add(
		"Subsidy Scheme",
		scheme_name=WORK,
		kind="Work-study",
		fund=LOVE,
		neutral_name="岗位补贴",
		period_kind="Month",
		amount_rule="By Hours",
	)


def enter_accounts(files: list[Document]) -> None:
	for number, file in enumerate(files, 1):
		add(
			"Payee Account",
			student=file.name,
			payee_name=file.guardian_name or file.student_name,
			relation="Guardian" if file.guardian_name else "Student",
			bank_name="阳光农商银行社区支行",
			account=account_number(number),
		)


def account_number(number: int) -> str:
	"""An account of nobody."""
	return f"9990{number:015d}"


def subsidise() -> None:
	"""A term's subsidy for everybody in support; one account fails and is paid on the second try."""
	with as_user(people.COORDINATOR):
		batch = add("Subsidy Batch", title=f"{TERM}生活补助", scheme=LIVING, fund=GOVERNMENT, term=TERM)
		batch.fill_from_scheme()
	approve(batch.name)
	with as_user(people.FINANCE):
		first = pay(batch.name, "2025-05-20", fails=5)
	failed = frappe.get_doc("Subsidy Payment", first).rows[5]
	with as_user(people.COORDINATOR):
		account = frappe.get_doc("Payee Account", failed.payee_account)
		account.account = account_number(900)
		account.save()
	with as_user(people.FINANCE):
		account.confirm()
		pay(batch.name, "2025-05-28")


def approve(batch: str) -> None:
	for user, action in (
		(people.COORDINATOR, "Submit for Review"),
		(people.FINANCE, "Pass to Leading Group"),
		(people.MANAGER, "Approve"),
	):
		with as_user(user):
			actions.act("Subsidy Batch", batch, action)


def pay(batch: str, day: str, fails: int | None = None) -> str:
	"""A payment with its bank file and the bank's results; `fails`: the row whose account the bank refuses."""
	payment = make_payment(batch)
	payment.payment_date = day
	payment.insert()
	payment.make_bank_file()
	payment.reload()
	for row in payment.rows:
		row.update({"result": "Paid", "paid_on": day})
	if fails is not None:
		payment.rows[fails].update({"result": "Failed", "paid_on": None, "reason": WRONG_ACCOUNT})
	payment.save()
	payment.submit()
	return payment.name


def relieve(file: Document) -> None:
	"""Asked for by the class teacher, granted by the leading group within hours, paid through a batch of one."""
	with as_user(file.head_teacher):
		request = add(
			"Relief Request",
			student=file.name,
			scheme=RELIEF,
			asked_on="2025-10-14 16:20:00",
			amount_asked=1500,
			reason="家中突发火灾,衣物和书本都没有了。",
		)
	with as_user(people.MANAGER):
		batch = request.grant(1500)
	with as_user(people.FINANCE):
		actions.act("Subsidy Batch", batch, "Approve")
		pay(batch, "2025-10-15")


def work(files: list[Document]) -> None:
	"""Two seniors look after the library on Saturdays."""
	seniors = [file for file in files if file.stage == "Senior Secondary"][:2]
	post = add(
		"Work Study Post",
		post_title="图书馆管理员助手",
		school=seniors[0].school,
		scheme=WORK,
		hourly_pay=15,
		max_hours_per_month=20,
		seats=2,
		min_age=15,
		duties="整理图书,登记借还。",
	)
	for file in seniors:
		saturdays = [add_days(getdate("2025-11-01"), 7 * week) for week in range(4)]
		record = add(
			"Work Study Record",
			student=file.name,
			post=post.name,
			month="2025-11",
			shifts=[{"work_date": day, "hours": 2.5, "work": "整理书架"} for day in saturdays],
		)
		record.submit()


def spend(programme: str) -> None:
	budget = add(
		"Fund Budget",
		title="成长小组活动经费",
		fund=LOVE,
		amount=5000,
		from_date="2025-03-01",
		to_date="2025-12-31",
		reference_doctype="Support Programme",
		reference_name=programme,
	)
	budget.submit()
	for day, amount, purpose, payee in (
		("2025-04-12", 860.5, "小组活动材料", "晨光文具公司"),
		("2025-07-08", 1240, "暑期研学交通", "阳光客运"),
	):
		add(
			"Fund Spending",
			fund_budget=budget.name,
			spent_on=day,
			amount=amount,
			purpose=purpose,
			payee=payee,
			proof=receipt(purpose),
		).submit()


def receipt(purpose: str) -> str:
	"""Address of an invented receipt."""
	file = add("File", file_name=f"{purpose}.txt", content=f"收据(示例):{purpose}", is_private=1)
	return file.file_url
