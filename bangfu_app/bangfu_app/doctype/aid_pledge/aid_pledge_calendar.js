frappe.views.calendar["Aid Pledge"] = {
	field_map: {
		id: "name",
		start: "starts_on",
		end: "ends_on",
		title: "title",
		allDay: "all_day",
		status: "status",
	},
	get_events_method: "bangfu_app.bangfu_app.doctype.aid_pledge.aid_pledge.get_events",
	get_css_class(event) {
		return { Expected: "blue", Received: "green", Cancelled: "gray" }[event.status];
	},
	// deliveries follow from the rhythm: none is made or dragged here
	options: { selectable: false, editable: false },
};
