"""The framework's commands, as `bench` calls them: bench [--site SITE] COMMAND …

The wheel keeps their bodies as plain functions in frappe/cli_impl; each becomes a click command here, its options
read off its parameters. Apps add theirs with a list `commands` in <app>/commands, as upstream."""

import functools
import importlib
import inspect
import os
import shutil
from pathlib import Path

import click

import frappe
import frappe.installer
from frappe.utils.bench_helper import CliCtxObj

SITES_PATH = os.environ.get("SITES_PATH") or "."
BODIES = ("db", "gettext", "scheduler", "testing", "translate", "utils")
NAMES = {"start_worker": "worker", "start_worker_pool": "worker-pool", "start_scheduler": "schedule"}
NAMES |= {"get_version": "version"}
OPTIONS = {"no_reload": ["--noreload"], "no_threading": ["--nothreading"], "global_": ["--global", "-g"]}
OPTIONS |= {"parse": ["--parse", "-p"], "format": ["--format"], "output": ["--output"]}
DEFAULTS = {
	"format": "text",
	"output": "plain",
	"queue": None,
}  # what upstream's click options have and the functions lack


def pass_context(f):
	"""Give the command the context: .sites, .force, .verbose, .profile."""

	@click.pass_context
	def with_context(ctx, *args, **kwargs):
		return ctx.invoke(f, ctx.find_root().obj, *args, **kwargs)

	return functools.update_wrapper(with_context, f)


def get_site(context, raise_err=True):
	if context.sites:
		return context.sites[0]
	if raise_err:
		raise frappe.SiteNotSpecifiedError
	return None


def as_command(name: str, body) -> click.Command:
	parameters = inspect.signature(body).parameters.values()
	context = [p for p in parameters if p.name == "context"]

	def call(**kwargs):
		return body(*[click.get_current_context().find_root().obj for _ in context], **kwargs)

	params = [as_parameter(p) for p in parameters if p.name != "context"]
	return click.Command(name, params=params, callback=call, help=body.__doc__)


def as_parameter(p: inspect.Parameter) -> click.Parameter:
	default = DEFAULTS.get(p.name, p.default)
	if p.name == "extra_args":
		return click.Argument([p.name], nargs=-1, type=click.UNPROCESSED)
	options = [p.name, *OPTIONS.get(p.name, ["--" + p.name.replace("_", "-")])]
	if default is False or p.annotation == "bool":
		return click.Option(options, is_flag=True)
	if default is inspect.Parameter.empty:
		return click.Argument([p.name])
	if default == ():
		return click.Option(options, multiple=True)
	return click.Option(options, default=default)


@click.command("new-site")
@click.argument("site")
@click.option("--admin-password")
@click.option("--db-type", default="mariadb", type=click.Choice(["mariadb", "postgres", "sqlite"]))
@click.option("--db-name")
@click.option("--db-password")
@click.option("--db-host")
@click.option("--db-port", type=int)
@click.option("--db-socket")
@click.option("--db-root-username")
@click.option("--db-root-password")
@click.option("--source-sql")
@click.option("--install-app", "install_apps", multiple=True)
@click.option("--set-default", is_flag=True)
@click.option("--force", is_flag=True)
@click.option("--verbose", is_flag=True)
def new_site(site, set_default, db_name, admin_password, **kwargs):
	"""Create a site."""
	from frappe.installer import _new_site

	os.environ["FRAPPE_SITE"] = site
	admin_password = admin_password or click.prompt("Administrator's password", hide_input=True)
	_new_site(db_name, site, admin_password=admin_password, **kwargs)
	if set_default:
		set_default_site(site)


@click.command("drop-site")
@click.argument("site")
@click.option("--db-root-username", default="root")
@click.option("--db-root-password", default="")
@click.option("--no-backup", is_flag=True)
@click.option("--force", is_flag=True)
def drop_site(site, db_root_username, db_root_password, no_backup, force):
	"""Remove a site: drop its database, move its folder to archived/sites."""
	from frappe.database import drop_user_and_database
	from frappe.utils.backups import scheduled_backup

	os.environ["FRAPPE_SITE"] = site
	with frappe.init_site(site):
		if not no_backup:
			frappe.connect()
			scheduled_backup(ignore_files=False, force=True)
		if frappe.conf.db_type != "sqlite":
			frappe.flags.root_login, frappe.flags.root_password = db_root_username, db_root_password
			drop_user_and_database(frappe.conf.db_name, frappe.conf.db_user)
	archive = Path(SITES_PATH, "../archived/sites")
	archive.mkdir(parents=True, exist_ok=True)
	shutil.move(Path(SITES_PATH, site), archive / f"{site}-{len(list(archive.iterdir()))}")


@click.command("use")
@click.argument("site")
def use(site):
	"""Set the default site."""
	set_default_site(site)


def set_default_site(site):
	frappe.installer.update_site_config(
		"default_site",
		site,
		validate=False,
		site_config_path=os.path.join(SITES_PATH, "common_site_config.json"),
	)


def on_each_site(f):
	@pass_context
	def wrapper(context, *args, **kwargs):
		for site in context.sites or [get_site(context)]:
			with frappe.init_site(site):
				frappe.connect()
				f(*args, **kwargs)
				frappe.db.commit()

	return functools.update_wrapper(wrapper, f)


@click.command("install-app")
@click.argument("apps", nargs=-1, required=True)
@click.option("--force", is_flag=True)
@on_each_site
def install_app(apps, force):
	"""Install apps in the site."""
	from frappe.installer import install_app

	for app in apps:
		install_app(app, force=force)


@click.command("uninstall-app")
@click.argument("app")
@click.option("--yes", "-y", is_flag=True)
@click.option("--dry-run", is_flag=True)
@click.option("--no-backup", is_flag=True)
@click.option("--force", is_flag=True)
@on_each_site
def uninstall_app(app, **kwargs):
	"""Remove an app from the site, with its records."""
	from frappe.installer import remove_app

	remove_app(app, **kwargs)


@click.command("list-apps")
@on_each_site
def list_apps():
	"""Show the apps installed in the site."""
	print("\n".join(frappe.get_installed_apps()))


def framework_commands() -> list[click.Command]:
	found = [new_site, drop_site, use, install_app, uninstall_app, list_apps]
	for module in (importlib.import_module(f"frappe.cli_impl.{name}") for name in BODIES):
		for name, body in inspect.getmembers(module, inspect.isfunction):
			if body.__module__ == module.__name__ and not name.startswith("_"):
				found.append(as_command(NAMES.get(name, name.replace("_", "-")), body))
	return found


class Bench(click.Group):
	def list_commands(self, ctx):
		self.load()
		return sorted(self.commands)

	def get_command(self, ctx, name):
		self.load()
		return self.commands.get(name)

	def load(self):
		if self.commands:
			return
		found = framework_commands()
		for app in frappe.get_all_apps():
			if app != "frappe" and importlib.util.find_spec(f"{app}.commands"):
				found += getattr(importlib.import_module(f"{app}.commands"), "commands", [])
		for command in found:
			self.add_command(command)


@click.group("frappe", cls=Bench)
@click.option("--site", default=None)
@click.option("--profile", is_flag=True)
@click.option("--verbose", is_flag=True)
@click.option("--force", is_flag=True)
@click.pass_context
def main(ctx, site, **flags):
	from frappe.config import current_site
	from frappe.utils import get_sites

	if site:
		os.environ["FRAPPE_SITE"] = site
	site = site or current_site(SITES_PATH)
	ctx.obj = CliCtxObj(sites=get_sites(SITES_PATH) if site == "all" else [site] if site else [], **flags)
