def get_all_patches(patch_type: PatchType | None = None) -> list[str]:
	if patch_type and not isinstance(patch_type, PatchType):
		frappe.throw(f"Unsupported patch type specified: {patch_type}")
	return [
		p for app in frappe.get_installed_apps() for p in get_patches_from_app(app, patch_type=patch_type)
	]
