// The button above a list that leads to the import of its workbook. Loaded with each list in hooks.doctype_list_js.
frappe.provide("bangfu");

bangfu.offer_import = function (listview, layout) {
	if (frappe.model.can_create("Workbook Import")) {
		listview.page.add_inner_button(__("Import from Excel"), () =>
			frappe.new_doc("Workbook Import", { layout })
		);
	}
};
