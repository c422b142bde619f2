// "Find by Number…" in the menu of a list: exact search by a number that lists show masked only.
frappe.provide("bangfu");

bangfu.offer_find_by_number = function (listview) {
	if (!Object.keys(frappe.boot.bangfu_shown_numbers || {}).includes(listview.doctype)) return;
	listview.page.add_menu_item(__("Find by Number…"), () =>
		frappe.prompt(
			{ fieldname: "number", fieldtype: "Data", label: __("The whole number"), reqd: 1 },
			({ number }) => bangfu.find_by_number(listview.doctype, number),
			__("Find by Number…"),
			__("Find")
		)
	);
};

bangfu.find_by_number = async function (doctype, number) {
	const { message } = await frappe.call({
		method: "bangfu_app.privacy.unmasking.find_by_number",
		type: "POST",
		args: { doctype, number },
	});
	const found = message || [];
	if (found.length === 1) {
		frappe.set_route("Form", doctype, found[0].name);
	} else if (found.length) {
		frappe.set_route("List", doctype, { name: ["in", found.map((record) => record.name)] });
	} else {
		frappe.msgprint(__("No record that you may read holds this number."));
	}
};
