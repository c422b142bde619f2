def get_site_base_path():
	return frappe.local.site_path


def get_bench_path():
	return os.environ.get("FRAPPE_BENCH_ROOT") or os.path.dirname(
		os.path.abspath(getattr(frappe.local, "sites_path", None) or os.environ.get("SITES_PATH") or ".")
	)


def get_sites(sites_path=None):
	sites_path = (
		sites_path or getattr(frappe.local, "sites_path", None) or os.environ.get("SITES_PATH") or "."
	)
	return sorted(
		d for d in os.listdir(sites_path) if os.path.exists(os.path.join(sites_path, d, "site_config.json"))
	)


def get_assets_json():
	"""Merged assets.json and assets-rtl.json, read again when a build has changed them."""
	paths = [
		os.path.join(frappe.local.sites_path, "assets", name) for name in ("assets.json", "assets-rtl.json")
	]
	stamp = [os.path.getmtime(path) if os.path.exists(path) else 0 for path in paths]
	if _assets.get("stamp") != stamp:
		_assets["json"] = {}
		for path, mtime in zip(paths, stamp, strict=True):
			if mtime:
				_assets["json"].update(frappe.get_file_json(path))
		_assets["stamp"] = stamp
	return _assets["json"]


# new
_assets = {}
