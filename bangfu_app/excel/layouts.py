"""Which heading of an office's workbook goes to which field: one Layout for each kind of workbook.

A new kind is one more Layout here (and an option of Workbook Import). Headings may stand in any order and
among others; a field's label and its Chinese are headings too. What a Layout can say stands in layout.py.
"""

from frappe import _

from bangfu_app.alerts.finding import find_soon
from bangfu_app.bangfu_app.doctype.school_class import school_class
from bangfu_app.bangfu_app.doctype.student_file import student_file
from bangfu_app.excel import exam_rows, payee_rows, roster_rows, row_rules, survey_rows, values
from bangfu_app.excel.layout import Beside, Column, Key, Layout
from bangfu_app.scores import exam_scores

# other words for a grade than the option's own Chinese (一年级 … 九年级, 高一 …)
GRADES = {f"{grade}年级": f"Grade {grade}" for grade in range(1, 13)}
GRADES |= {"初一": "Grade 7", "初二": "Grade 8", "初三": "Grade 9"}
GRADES |= {"十年级": "Grade 10", "十一年级": "Grade 11", "十二年级": "Grade 12"}

STUDENTS = Layout(
	name="Students",
	doctype="Student File",
	exported=True,
	columns=(
		Column("name", ("档案编号",), required=False, offered=False),
		Column("student_name", ("姓名", "学生姓名"), parse=values.name, example="张小明"),
		Column("gender", ("性别",)),
		Column("birth_date", ("出生日期", "出生年月日", "生日")),
		Column("id_number", ("身份证号", "身份证号码", "身份证"), parse=values.identity_number),
		Column("student_no", ("学籍号", "学号"), example="G2025000001"),
		Column("school", ("学校", "就读学校")),
		Column("grade", ("年级",), words=GRADES),
		Column(
			"class_name",
			("班级", "班"),
			parse=values.name,
			example="2班",
			shown=row_rules.class_name_of,
		),
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
		Column("guardian_name", ("监护人", "监护人姓名"), parse=values.name, example="张大山"),
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
		Column("guardian_phone", ("监护人电话", "联系电话", "监护人联系电话"), example="13812345678"),
		Column("address", ("家庭住址", "住址", "家庭地址")),
		Column("source", ("来源", "线索来源"), words={"民政": "Civil Affairs"}),
		Column("identified_on", ("排查日期", "识别日期")),
		Column("duplicate_reason", ("不是同一人的理由", "非重复说明")),
		Column("notes", ("备注",)),
	),
	keys=(
		Key(("name",)),
		Key(("id_number",)),
		Key(("student_no",), unless=("id_number",)),
		Key(
			("birth_date", "student_name", "guardian_phone"),
			unless=("id_number", "student_no"),
			reason=lambda: _("Possible duplicate: name + date of birth + guardian phone"),
		),
	),
	check=row_rules.check_student,
	beside=Beside(
		"Student Circumstances",
		"student",
		dated=row_rules.circumstances_of_today,
		newest="recorded_on desc, creation desc",
	),
	bulk=student_file.settle,
	follow=row_rules.follow_students,
)

SUPPORTERS = Layout(
	name="Supporters",
	doctype="Supporter",
	exported=True,
	columns=(
		Column("name", ("编号",), required=False, offered=False),
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
	keys=(Key(("name",)), Key(("phone", "supporter_name")), Key(("supporter_name",), unless=("phone",))),
)

DONATIONS = Layout(
	name="Donations",
	doctype="Aid Donation",
	exported=True,
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
	of={"kind": "Goods"},
	submit=True,
)

MONEY_DONATIONS = Layout(
	name="Money Donations",
	doctype="Aid Donation",
	exported=True,
	columns=(
		Column("donation_date", ("日期", "捐赠日期", "到账日期"), required=True),
		Column("donor", ("捐赠人", "捐赠单位", "捐赠方"), make=True),
		Column("donor.partner_type", ("捐赠人类型", "捐赠方类型"), words={"医院": "Clinic"}),
		Column("fund", ("资金", "基金", "资金名称"), required=True),
		Column("money_amount", ("金额(元)", "金额", "捐款金额"), required=True),
		Column("payment_reference", ("流水号", "凭证号", "收据号"), example="2025-0001"),
		Column("notes", ("备注",)),
	),
	keys=(
		Key(("payment_reference",)),
		Key(("donation_date", "donor", "fund"), unless=("payment_reference",)),
	),
	of={"kind": "Money"},
	submit=True,
)

SESSIONS = Layout(
	name="Sessions",
	doctype="Support Session",
	exported=True,
	columns=(
		Column("name", ("编号",), required=False, offered=False),
		Column("session_date", ("日期", "活动日期"), required=True),
		Column("session_kind", ("类型", "活动类型"), words={"社会活动": "Activity"}),
		Column("theme", ("主题", "活动主题")),
		Column("minutes", ("时长(分钟)", "时长")),
		Column("service_point", ("地点", "活动地点"), make=True),
		Column("headcount", ("参加人数", "人数")),
	),
	keys=(Key(("name",)), Key(("session_date", "session_kind", "theme", "service_point"))),
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

EXAM_SCORES = Layout(
	name="Exam Scores",
	doctype="Exam Score",
	exported=True,
	columns=(
		Column("school", ("学校", "就读学校")),
		Column("grade", ("年级",), words=GRADES, required=False),
		Column("class_name", ("班级", "班"), parse=values.name, example="2班"),
		Column("exam_no", ("考号", "准考证号", "考生号")),
		Column("candidate_name", ("姓名", "考生姓名", "学生姓名"), parse=values.name),
		Column("student_no", ("学籍号", "学号")),
		Column("subject", ("学科", "科目", "课程"), required=False),
		Column("score", ("成绩", "分数", "得分"), parse=values.mark, shown=exam_rows.shown_mark),
		Column("total", ("总分", "总成绩", "合计"), parse=values.mark),
	),
	keys=(Key(("candidate", "subject"), within=("exam",), at="student_no"),),
	options=("exam",),
	every_sheet=True,
	spread=exam_rows.subject_columns,
	check=exam_rows.check_scores,
	split=exam_rows.scores_of,
	bulk=exam_scores.settle,
	complete=exam_scores.complete,
	afterwards=find_soon,
)

CLASSES = Layout(
	name="Classes",
	doctype="School Class",
	exported=True,
	columns=(
		Column("school", ("学校",)),
		Column(
			"school_year",
			("学年",),
			parse=values.school_year,
			required=False,
			hint="如 2025-2026;空着为本学年",
		),
		Column("grade", ("年级",), words=GRADES),
		Column("class_name", ("班级", "班级名称", "班"), parse=values.name, example="2班"),
		Column(
			"head_teacher", ("班主任", "班主任账号"), example="teacher@example.org", hint="用户的登录邮箱"
		),
	),
	keys=(Key(("school", "school_year", "grade", "class_name")),),
	check=row_rules.check_class,
	bulk=school_class.settle,
)

PARTNERS = Layout(
	name="Partners",
	doctype="Partner",
	exported=True,
	columns=(
		Column(
			"partner_name",
			("名称", "单位名称", "合作单位", "机构名称"),
			parse=values.name,
			example="希望公益基金会",
		),
		Column(
			"partner_type",
			("类型", "单位类型", "机构类型"),
			words={"医院": "Clinic", "企业单位": "Enterprise"},
		),
		Column("contact_person", ("联系人",), parse=values.name, example="李四"),
		Column("phone", ("电话", "联系电话"), example="13812345678"),
		Column("email", ("邮箱", "电子邮箱")),
		Column("agreement_from", ("协议开始", "协议开始日期")),
		Column("agreement_to", ("协议到期", "协议到期日期")),
		Column("notes", ("备注",)),
	),
	keys=(Key(("partner_name",)),),
)

ROSTERS = Layout(
	name="Session Rosters",
	doctype="Support Session",
	columns=(
		Column("session_date", ("日期", "活动日期"), required=True),
		Column("session_kind", ("类型", "活动类型"), words={"社会活动": "Activity"}),
		Column("theme", ("主题", "活动主题"), example="周末阅读"),
		Column("minutes", ("时长(分钟)", "时长")),
		Column("service_point", ("地点", "活动地点"), make=True),
		Column(
			"names",
			("参加学生", "学生姓名", "参加人", "姓名", "签到学生"),
			parse=values.text,
			required=True,
			example="张小明、李小红",
		),
		Column("numbers", ("学籍号", "学号"), parse=values.text, example=""),
		Column("state", ("出勤", "出勤情况"), parse=roster_rows.attendance_state, example="出席"),
	),
	keys=(Key(("session_date", "session_kind", "theme"), unless=("service_point",)),),
	constants={"status": "Held"},
	grouped=True,
	check_all=roster_rows.find_students,
	before_update=roster_rows.add_to_roster,
)

# who was asked, when and how
SURVEYED = (
	Column("student_no", ("学籍号", "学号"), parse=values.text, example="G2025000001"),
	Column("student_name", ("姓名", "学生姓名"), parse=values.name, required=True, example="张小明"),
	Column("survey_date", ("日期", "测评日期", "评估日期"), required=True),
	Column("phase", ("阶段", "测评阶段"), required=False),
	Column("home_visit", ("家访",)),
	Column("school_interview", ("学校访谈", "在校访谈")),
	Column("community_questionnaire", ("社区问卷",)),
	Column("standard_tool", ("标准化工具", "量表")),
	Column("observation", ("观察",)),
)

SURVEYS = Layout(
	name="Needs Surveys",
	doctype="Needs Survey",
	columns=(*SURVEYED, Column("tool", ("工具名称",))),
	keys=(Key(("student", "survey_date", "phase")),),
	spread=survey_rows.domain_columns,
	check_all=survey_rows.find_students,
	check=survey_rows.check_scores,
	split=survey_rows.surveys_of,
	submit=True,
)

SURVEY_ANSWERS = Layout(
	name="Survey Answers",
	doctype="Needs Survey",
	columns=SURVEYED,
	keys=(Key(("student", "survey_date", "phase", "template")),),
	options=("survey_template",),
	spread=survey_rows.question_columns,
	check_all=survey_rows.find_students,
	check=survey_rows.check_answers,
	split=survey_rows.answered_surveys_of,
	before_update=survey_rows.keep_computed,
	submit=True,
)

PAYEE_ACCOUNTS = Layout(
	name="Payee Accounts",
	doctype="Payee Account",
	exported=True,
	columns=(
		Column("name", ("账户编号",), required=False, offered=False),
		Column("student_name", ("姓名", "学生姓名"), parse=values.name, required=True, example="张小明"),
		Column(
			"student_no",
			("学籍号", "学号"),
			parse=values.text,
			example="G2025000001",
			shown=payee_rows.student_no_of,
		),
		Column("id_number", ("身份证号", "身份证号码", "身份证"), parse=values.identity_number),
		Column("birth_date", ("出生日期", "出生年月日", "生日"), parse=values.calendar_date),
		Column(
			"relation",
			("与学生关系", "账户归属", "持卡人关系"),
			words=payee_rows.RELATIONS,
			required=False,
			hint="空着时:户名与学生同名为本人,否则为监护人",
		),
		Column(
			"payee_name",
			("户名", "收款人", "账户名", "持卡人"),
			parse=values.name,
			required=False,
			example="张大山",
			hint="空着为学生本人",
		),
		Column("bank_name", ("开户行", "开户银行", "银行名称"), example="农业银行城东支行"),
		Column(
			"account",
			("银行账号", "账号", "银行卡号", "卡号", "一卡通号"),
			parse=values.account_number,
		),
		Column("valid_from", ("启用日期", "生效日期")),
		Column("active", ("是否启用",), required=False, offered=False),
		Column("notes", ("备注",)),
	),
	keys=(Key(("name",)), Key(("account", "student"))),
	check_all=payee_rows.find_students,
)

LAYOUTS = {
	layout.name: layout
	for layout in (
		STUDENTS,
		CLASSES,
		SUPPORTERS,
		PARTNERS,
		DONATIONS,
		MONEY_DONATIONS,
		SESSIONS,
		ROSTERS,
		EXAM_SCORES,
		SURVEYS,
		SURVEY_ANSWERS,
		PAYEE_ACCOUNTS,
		INDICATORS,
	)
}
