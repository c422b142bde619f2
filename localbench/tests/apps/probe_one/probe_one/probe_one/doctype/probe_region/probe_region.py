from frappe.model.document import Document


class ProbeRegion(Document):
	pass
