"""Instead of the wheel's: print bodies and PDFs. Its stubs left every print empty.
PDFs are made by headless Chromium where there is one (config `chromium_path`, else chromium/google-chrome on PATH),
else by WeasyPrint (pip install weasyprint)."""

import io
import os
import re
import shutil
import subprocess
import tempfile
from urllib.parse import unquote, urlparse

import frappe
from frappe import _


def pdf_header_html(soup=None, head=None, content=None, styles=None, html_id=None, css=None, **kwargs):
	return _render_part(
		"templates/print_formats/pdf_header_footer.html", soup, head, content, styles, html_id, css
	)


def pdf_footer_html(soup=None, head=None, content=None, styles=None, html_id=None, css=None, **kwargs):
	return _render_part(
		"templates/print_formats/pdf_header_footer.html", soup, head, content, styles, html_id, css
	)


def _render_part(template, soup, head, content, styles, html_id, css):
	return frappe.render_template(
		template,
		{
			"head": head,
			"content": content,
			"styles": styles,
			"html_id": html_id,
			"css": css,
			"lang": frappe.local.lang,
			"layout_direction": "rtl" if frappe.utils.jinja_globals.is_rtl() else "ltr",
		},
	)


def pdf_body_html(template, args, **kwargs):
	return template.render(args, filters={"len": len})


def get_pdf(html: str, options: dict | None = None, output=None, **kwargs):
	options = options or {}
	content = _chromium(html) or _weasyprint(html)
	from pypdf import PdfReader, PdfWriter

	password = options.get("password")
	if output is not None:
		output.append_pages_from_reader(PdfReader(io.BytesIO(content)))
		return output
	if password:
		writer = PdfWriter()
		writer.append_pages_from_reader(PdfReader(io.BytesIO(content)))
		writer.encrypt(password)
		stream = io.BytesIO()
		writer.write(stream)
		content = stream.getvalue()
	return content


def get_chrome_pdf(print_format=None, html=None, options=None, output=None, pdf_generator=None, **kwargs):
	if pdf_generator == "chrome":
		return get_pdf(html, options, output)


def _local_file(url: str) -> str | None:
	"""path of /assets/… and /files/… (with or without this site's address)"""
	path = unquote(urlparse(url).path)
	if path.startswith("/assets/"):
		return os.path.abspath(os.path.join(frappe.local.sites_path, path[1:]))
	if path.startswith("/files/"):
		return os.path.abspath(frappe.get_site_path("public", path[1:]))
	if path.startswith("/private/files/"):
		file = frappe.get_all("File", {"file_url": path}, pluck="name", limit=1)
		if file and frappe.has_permission("File", "read", file[0]):
			return os.path.abspath(frappe.get_site_path(path[1:]))


def _localise(html: str) -> str:
	def sub(m):
		file = _local_file(m[2])
		return f"{m[1]}file://{file}{m[3]}" if file and os.path.exists(file) else m[0]

	return re.sub(r"""((?:src|href)=["'])([^"']+)(["'])""", sub, html)


def _chromium(html: str) -> bytes | None:
	binary = frappe.conf.chromium_path or next(
		filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
	)
	if not binary:
		return None
	with tempfile.TemporaryDirectory() as folder:
		page, pdf = os.path.join(folder, "page.html"), os.path.join(folder, "page.pdf")
		with open(page, "w") as f:
			f.write(_localise(html))
		run = subprocess.run(
			[
				binary,
				"--headless",
				"--no-sandbox",
				"--disable-gpu",
				"--disable-background-networking",
				"--disable-dev-shm-usage",
				f"--user-data-dir={folder}/profile",
				"--no-pdf-header-footer",
				f"--print-to-pdf={pdf}",
				f"file://{page}",
			],
			capture_output=True,
			timeout=60,
		)
		if not os.path.exists(pdf):
			frappe.log_error("PDF by Chromium failed", run.stderr.decode(errors="replace"))
			return None
		with open(pdf, "rb") as f:
			return f.read()


def _weasyprint(html: str) -> bytes:
	try:
		from weasyprint import HTML
	except (ImportError, OSError) as e:
		frappe.throw(_("PDF generation needs Chromium or WeasyPrint: {0}").format(e))
	return HTML(string=_localise(html), base_url=os.path.abspath(frappe.local.sites_path)).write_pdf()


def get_file_data_from_writer(writer_obj):
	stream = io.BytesIO()
	writer_obj.write(stream)
	return stream.getvalue()


@frappe.whitelist()
def is_wkhtmltopdf_valid():
	return True


def pdf_contains_js(path: str | None = None, content: bytes | None = None) -> bool:
	if content is None:
		with open(path, "rb") as f:
			content = f.read()
	return b"/JavaScript" in content or b"/JS " in content
