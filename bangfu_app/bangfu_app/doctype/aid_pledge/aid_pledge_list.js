frappe.listview_settings["Aid Pledge"] = {
	add_fields: ["status", "next_due"],

	get_indicator(doc) {
		const today = frappe.datetime.get_today();
		if (doc.status === "Open" && doc.next_due && doc.next_due < today) {
			return [__("Late"), "red", `status,=,Open|next_due,<,${today}`];
		}
		const colour = { Open: "blue", Fulfilled: "green", Ended: "gray" }[doc.status];
		return [__(doc.status, null, "Aid Pledge"), colour, `status,=,${doc.status}`];
	},
};
