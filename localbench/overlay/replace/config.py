"""frappe/config.py: sites/common_site_config.json + sites/<site>/site_config.json, with environment overrides."""


def get_site_config(
	sites_path: str | None = None, site_path: str | None = None, *, cached=False
) -> _dict[str, Any]:
	import frappe

	sites_path = sites_path or getattr(frappe.local, "sites_path", None) or "."
	site_path = site_path or getattr(frappe.local, "site_path", None)
	files = [os.path.join(sites_path, "common_site_config.json")]
	if site_path:
		files.append(os.path.join(site_path, "site_config.json"))
	state = [os.stat(file).st_mtime_ns for file in files if os.path.exists(file)]
	known, config = _config_cache.get((sites_path, site_path), (None, None))
	if not cached or known != state:  # another process may have set something
		config = _load_config(sites_path, site_path)
		_config_cache[(sites_path, site_path)] = (state, config)
	return config.copy()


def _load_config(sites_path: str = ".", site_path: str | None = None) -> _dict[str, Any]:
	config = _dict(
		redis_cache="redis://127.0.0.1:13000",
		redis_queue="redis://127.0.0.1:11000",
		webserver_port=8000,
		max_file_size=25 * 1024 * 1024,
	)
	for path in (
		os.path.join(sites_path, "common_site_config.json"),
		site_path and os.path.join(site_path, "site_config.json"),
	):
		if path and os.path.exists(path):
			with open(path) as f:
				config.update(json.load(f))
	for key in ("db_type", "db_host", "db_port", "db_socket", "db_user", "redis_cache", "redis_queue"):
		if value := os.environ.get(f"FRAPPE_{key.upper()}"):
			config[key] = value
	config.setdefault("db_type", "mariadb")
	if config["db_type"] != "sqlite":
		config.setdefault("db_host", "127.0.0.1")
		config["db_port"] = int(config.get("db_port") or (5432 if config["db_type"] == "postgres" else 3306))
		config.setdefault("db_user", config.get("db_name"))
	for hook in config.get("extra_config") or []:
		module, method = hook.rsplit(".", 1)
		config |= getattr(importlib.import_module(module), method)()
	return config


_config_cache: dict = {}


def clear_site_config_cache():
	_config_cache.clear()


def get_common_site_config(sites_path: str | None = None, cached=False) -> _dict[str, Any]:
	import frappe

	return _load_config(sites_path or getattr(frappe.local, "sites_path", None) or ".")


def get_conf(site: str | None = None) -> _dict[str, Any]:
	import frappe

	if hasattr(frappe.local, "conf") and (not site or site == frappe.local.site):
		return frappe.local.conf
	with frappe.init_site(site):
		return frappe.local.conf


# new
def current_site(sites_path: str) -> str:
	"""$FRAPPE_SITE, else sites/currentsite.txt, else default_site, else the only site there is"""
	if site := os.environ.get("FRAPPE_SITE"):
		return site
	path = os.path.join(sites_path, "currentsite.txt")
	if os.path.exists(path):
		with open(path) as f:
			return f.read().strip()
	if site := _load_config(sites_path).get("default_site"):
		return site
	sites = sorted(
		d for d in os.listdir(sites_path) if os.path.exists(os.path.join(sites_path, d, "site_config.json"))
	)
	return sites[0] if sites else ""
