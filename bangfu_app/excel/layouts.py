"""Which heading of an office's workbook goes to which field: one Layout for each kind of workbook.

A new kind is one more Layout here (and an option of Workbook Import). Headings may stand in any order and
among others; a field's label and its Chinese are headings too. The way of a cell is said by its path:

	field           a field of the record
	table.field     a row of a child table: rows of the same key become one record,
	                or, with several=True, one cell holds the whole table
	link.field      a field of the master that is made when the link is missing
	DocType:field   a field of a record beside this one, that the layout's `beside` writes
	anything else   not stored; the layout's rules use it (and say how it is parsed)
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from frappe import _

from bangfu_app.excel import row_rules, values


@dataclass(frozen=True)
class Column:
	path: str
	headings: tuple[str, ...]
	parse: Callable[[Any], Any] | None = None  # default: by the type of the field
	words: dict[str, str] = field(default_factory=dict)  # the office's words beside the options' own Chinese
	several: bool = False
	make: bool = False  # a missing master is made
	closed: bool = False  # the masters are a list of options to whoever fills the workbook
	required: bool | None = None  # default: as the field


@dataclass(frozen=True)
class Key:
	"""Fields that tell a record from all others; the first one is looked up in the database."""

	fields: tuple[str, ...]
	unless: tuple[str, ...] = ()  # not the same where these are known on both sides and differ
	reason: Callable[[], str] | None = None  # said of a second row with the same key


@dataclass(frozen=True)
class Layout:
	name: str
	doctype: str
	columns: tuple[Column, ...]
	keys: tuple[Key, ...]
	constants: dict[str, Any] = field(default_factory=dict)  # of a new record
	submit: bool = False
	repeats: bool = False  # equal rows are several records
	options: tuple[str, ...] = ()  # what must be said beside the workbook
	check: Callable[[Any, Any], None] | None = None  # (row, import): rules across cells
	# (document, values): leave out what is not the workbook's
	before_update: Callable[[Any, dict], None] | None = None
	# (record): write what stands beside it; was anything changed?
	beside: Callable[[Any], bool] | None = None
	finish: Callable[[Any], None] | None = None  # (import): what all rows make together


# other words for a grade than the option's own Chinese (一年级 … 九年级, 高一 …)
GRADES = {f"{grade}年级": f"Grade {grade}" for grade in range(1, 13)}
GRADES |= {"初一": "Grade 7", "初二": "Grade 8", "初三": "Grade 9"}
GRADES |= {"十年级": "Grade 10", "十一年级": "Grade 11", "十二年级": "Grade 12"}

STUDENTS = Layout(
	name="Students",
	doctype="Student File",
	columns=(
		Column("student_name", ("姓名", "学生姓名"), parse=values.name),
		Column("gender", ("性别",)),
		Column("birth_date", ("出生日期", "出生年月日", "生日")),
		Column("id_number", ("身份证号", "身份证号码", "身份证"), parse=values.identity_number),
		Column("student_no", ("学籍号", "学号")),
		Column("school", ("学校", "就读学校")),
		Column("grade", ("年级",), words=GRADES),
		Column("class_name", ("班级", "班"), parse=values.name),
		Column(
			"stage",
			("学段",),
			words={
				"小学": "Compulsory Education",
				"初中": "Compulsory Education",
				"普通高中": "Senior Secondary",
				"中职": "Vocational Education",
				"职高": "Vocational Education",
				"大学": "Higher Education",
			},
			required=False,
		),
		Column(
			"needs.need_category",
			("困难类型", "困难类别", "帮扶类型"),
			several=True,
			closed=True,
			required=True,
		),
		Column("Student Circumstances:family_size", ("家庭人口", "家庭人口数")),
		Column("Student Circumstances:annual_income", ("家庭年收入(元)", "家庭年收入")),
		Column("Student Circumstances:minimum_living", ("是否低保", "低保")),
		Column("Student Circumstances:poverty_registered", ("是否建档立卡", "建档立卡")),
		Column("Student Circumstances:disability", ("残疾类型", "残疾类别")),
		Column("guardian_name", ("监护人", "监护人姓名"), parse=values.name),
		Column(
			"guardian_relation",
			("与学生关系", "与监护人关系", "监护人关系"),
			words={
				"爸爸": "Father",
				"妈妈": "Mother",
				"爷爷": "Grandfather",
				"外公": "Grandfather",
				"外祖父": "Grandfather",
				"奶奶": "Grandmother",
				"外婆": "Grandmother",
				"外祖母": "Grandmother",
			},
		),
		Column("guardian_phone", ("监护人电话", "联系电话", "监护人联系电话")),
		Column("address", ("家庭住址", "住址", "家庭地址")),
		Column("source", ("来源", "线索来源"), words={"民政": "Civil Affairs"}),
		Column("identified_on", ("排查日期", "识别日期")),
		Column("notes", ("备注",)),
	),
	keys=(
		Key(("id_number",)),
		Key(("student_no",), unless=("id_number",)),
		Key(
			("birth_date", "student_name", "guardian_phone"),
			unless=("id_number", "student_no"),
			reason=lambda: _("Possible duplicate: name + date of birth + guardian phone"),
		),
	),
	check=row_rules.check_student,
	beside=row_rules.record_circumstances,
)

SUPPORTERS = Layout(
	name="Supporters",
	doctype="Supporter",
	columns=(
		Column("supporter_name", ("姓名", "帮扶人"), parse=values.name),
		Column("gender", ("性别",)),
		Column(
			"supporter_kind",
			("类别", "帮扶人类别", "类型"),
			words={"心理教师": "Counsellor", "社工": "Social Worker"},
		),
		Column("subjects.subject", ("擅长学科", "学科"), several=True, closed=True),
		Column("temperament", ("性格特点", "性格")),
		Column("capacity", ("可帮扶人数", "帮扶人数上限")),
		Column("phone", ("电话", "联系电话", "手机号")),
		Column("agreement_from", ("协议开始", "协议开始日期")),
		Column("agreement_to", ("协议到期", "协议到期日期")),
		Column("trained", ("已培训", "是否培训")),
		Column("notes", ("备注",)),
	),
	keys=(Key(("phone", "supporter_name")), Key(("supporter_name",), unless=("phone",))),
)

DONATIONS = Layout(
	name="Donations",
	doctype="Aid Donation",
	columns=(
		Column("donation_date", ("日期", "捐赠日期"), required=True),
		Column("donor", ("捐赠人", "捐赠单位", "捐赠方"), make=True),
		Column("donor.partner_type", ("捐赠人类型", "捐赠方类型"), words={"医院": "Clinic"}),
		Column("items.item", ("物资", "物品", "物资名称"), make=True),
		Column("items.item.uom", ("单位",)),
		Column("items.qty", ("数量",), parse=values.quantity),
		Column("items.unit_value", ("单价(元)", "单价")),
		Column("notes", ("备注",)),
	),
	keys=(Key(("donation_date", "donor")),),
	submit=True,
)

SESSIONS = Layout(
	name="Sessions",
	doctype="Support Session",
	columns=(
		Column("session_date", ("日期", "活动日期"), required=True),
		Column("session_kind", ("类型", "活动类型"), words={"社会活动": "Activity"}),
		Column("theme", ("主题", "活动主题")),
		Column("minutes", ("时长(分钟)", "时长")),
		Column("service_point", ("地点", "活动地点"), make=True),
		Column("headcount", ("参加人数", "人数")),
	),
	keys=(Key(("session_date", "session_kind", "theme", "service_point")),),
	constants={"status": "Held"},
	repeats=True,
	before_update=row_rules.keep_roster,
)

INDICATORS = Layout(
	name="Indicators",
	doctype="Support Indicator",
	columns=(
		Column("indicator_name", ("指标", "指标名称"), parse=values.name),
		Column("dimension", ("维度",)),
		Column("unit", ("单位",)),
		Column("direction", ("方向",), required=False),
		Column("baseline", ("基线", "基线值", "年初"), parse=values.number),
		Column("target", ("目标", "目标值"), parse=values.number),
		Column("actual", ("年末", "实际", "实际值", "完成值"), parse=values.number),
	),
	keys=(Key(("indicator_name",)),),
	options=("programme", "evaluated_on"),
	finish=row_rules.record_results,
)

LAYOUTS = {layout.name: layout for layout in (STUDENTS, SUPPORTERS, DONATIONS, SESSIONS, INDICATORS)}
