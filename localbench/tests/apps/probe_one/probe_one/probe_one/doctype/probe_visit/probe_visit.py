from frappe.model.document import Document


class ProbeVisit(Document):
	def validate(self):
		self.seen_by = "controller"
