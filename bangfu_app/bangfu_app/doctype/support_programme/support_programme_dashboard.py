def get_data(data: dict | None = None) -> dict:
	"""Connections by a dynamic link; those by a plain link stand in the DocType."""
	return {
		"fieldname": "programme",
		"non_standard_fieldnames": {"Fund Budget": "reference_name"},
		"dynamic_links": {"reference_name": ["Support Programme", "reference_doctype"]},
		"transactions": [{"items": ["Fund Budget"]}],
	}
