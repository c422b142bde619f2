import click
import frappe
from frappe.commands import get_site, pass_context


@click.command("probe-greet")
@click.option("--name", default="world")
@pass_context
def greet(context, name):
	frappe.init(site=get_site(context))
	frappe.connect()
	print(f"hello {name} from {frappe.local.site}: {frappe.db.count('DocType', {'module': 'Probe One'})}")
	frappe.destroy()


commands = [greet]
