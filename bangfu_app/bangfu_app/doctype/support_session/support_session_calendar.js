frappe.views.calendar["Support Session"] = {
	field_map: {
		id: "name",
		start: "starts_on",
		end: "ends_on",
		title: "title",
		allDay: "all_day",
		status: "status",
	},
	get_events_method: "bangfu_app.bangfu_app.doctype.support_session.support_session.get_events",
	update_event_method: "bangfu_app.bangfu_app.doctype.support_session.support_session.reschedule",
	get_css_class(event) {
		return { Planned: "blue", Held: "green", Cancelled: "gray" }[event.status];
	},
	// a new session needs more than a time: it is made from a plan, a pairing or the list
	options: { selectable: false },
};
