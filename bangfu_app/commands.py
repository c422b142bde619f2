"""Commands of the `bench` command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("import-workbook")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--layout", required=True, help="What the workbook holds: Students, Supporters, Donations …")
@click.option(
	"--good-rows-only", is_flag=True, help="Import the good rows, write the others beside the workbook."
)
@click.option("--check-only", is_flag=True, help="Say what is wrong; write nothing.")
@click.option(
	"--mode",
	default="Create and Update",
	type=click.Choice(["Create and Update", "Create Only", "Update Only"]),
	help="What becomes of rows that are stored already, or are not.",
)
@click.option("--sheet", help="The sheet to read, where several hold the columns.")
@click.option("--user", default="Administrator", help="Import by the rights of this user.")
@click.option("--programme", help="Support Programme that indicators belong to.")
@click.option("--exam", help="Exam that scores belong to.")
@click.option("--survey-template", help="Survey Template whose questions the answers belong to.")
@click.option("--evaluated-on", help="Date of the evaluation of indicators, YYYY-MM-DD.")
@pass_context
def import_workbook_command(context, path: Path, layout: str, user: str, **options) -> None:
	"""Import an office's workbook. Ends with 1 where rows are faulty."""
	with connected(context):
		faulty = _import_as(user, path, layout, options)
	raise SystemExit(int(faulty))


@click.command("bangfu-demo")
@pass_context
def bangfu_demo_command(context) -> None:
	"""Load the invented year 2025 of a community into an empty site, and tell who can sign in."""
	from bangfu_app.demo import people, year

	with connected(context):
		if year.is_loaded():
			click.echo("The year is loaded already.")
		else:
			year.load(click.echo)
	click.echo("\n".join(("Users:", *people.sign_in_table())))


@click.command("rotate-encryption-key")
@pass_context
def rotate_encryption_key_command(context) -> None:
	"""Give the site a new encryption key. Interrupted, it goes on where it is run again."""
	from bangfu_app.privacy import key_rotation

	with connected(context):
		unreadable = key_rotation.rotate(click.echo)
	if unreadable:
		click.echo(f"{unreadable} values were readable under none of the site's keys and stay as they are.")
	click.echo("Keep a copy of site_config.json apart from the backups; older backups need the older one.")
	raise SystemExit(int(bool(unreadable)))


@contextmanager
def connected(context) -> Iterator[None]:
	"""The command's site; a command is its own transaction."""
	frappe.init(get_site(context))
	frappe.connect()
	try:
		yield
		frappe.db.commit()
	finally:
		frappe.destroy()


def _import_as(user: str, path: Path, layout: str, options: dict) -> bool:
	from bangfu_app.excel.importer import import_workbook
	from bangfu_app.excel.layouts import LAYOUTS

	if layout not in LAYOUTS:
		raise click.BadParameter(f"choose from {', '.join(LAYOUTS)}", param_hint="--layout")
	if not path.exists():
		path = Path("..") / path  # bench runs its commands in the folder `sites`
	if not path.exists():
		raise click.BadParameter(f"{path.name} is not there", param_hint="PATH")
	frappe.set_user(user)
	frappe.set_user_lang(user)
	try:
		result = import_workbook(path, layout, **options)
	except frappe.ValidationError as error:
		raise click.ClickException(str(error)) from error
	for row, faults in result.by_row().items():
		click.echo(f"{row}\t{'; '.join(faults)}")
	if result.rest:
		rest = path.with_name(f"{path.stem}-rest.xlsx")
		rest.write_bytes(result.rest)
		click.echo(f"rows left out: {rest}")
	click.echo(
		f"rows {result.rows_read}, faulty {result.rows_faulty}, created {result.created}, "
		f"updated {result.updated}, unchanged {result.unchanged}"
	)
	return bool(result.faults)


commands = [import_workbook_command, bangfu_demo_command, rotate_encryption_key_command]
