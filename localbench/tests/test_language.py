"""The framework's own words in Chinese, and an app's over them."""


def test_chinese(frappe):
	assert frappe._("Save", lang="zh") == "保存"
	assert frappe._("Save", lang="zh-CN") == "保存"
	assert frappe._("Save", lang="en") == "Save"


def test_the_users_language(frappe, make_user):
	from frappe.translate import get_user_lang

	user = make_user("reader", "Probe Clerk")
	frappe.db.set_value("User", user, "language", "zh")
	frappe.clear_cache(user=user)
	assert get_user_lang(user) == "zh"
