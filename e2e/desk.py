"""A signed-in desk in a browser: go somewhere, wait until it is quiet, say what is wrong with it."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page

TRANSLATIONS = Path(__file__).parents[1] / "bangfu_app" / "translations" / "zh.csv"

NOT_OURS = (
	# the desk works without live updates; a server without the socket process says so on the console
	"socket.io",
	"WebSocket",
	"ERR_CONNECTION_REFUSED",
	# the desk's chart library redraws a chart that the next report has replaced already
	"boundDrawFn",
	# the desk draws the crumbs of a form by the address, which on a busy machine may be a step ahead of the form
	"set_form_breadcrumb",
)

QUIET = """async () => {
	for (let quiet = 0, tries = 0; quiet < 3 && tries < 300; tries++) {
		await new Promise((done) => setTimeout(done, 50));
		const busy = window.$?.active || document.querySelector("#freeze, .freeze-row");
		quiet = busy ? 0 : quiet + 1;
	}
}"""

# what a reader sees: text of visible elements, placeholders of visible inputs
VISIBLE_TEXT = """() => {
	const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
	const found = new Set();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const text = walker.currentNode.textContent.trim();
		const parent = walker.currentNode.parentElement;
		// the desk's own timeline quotes changed values as they are stored
		if (parent.closest(".timeline-item b")) continue;
		if (text && !["SCRIPT", "STYLE"].includes(parent.tagName) && visible(parent)) found.add(text);
	}
	for (const input of document.querySelectorAll("[placeholder]")) {
		if (visible(input)) found.add(input.getAttribute("placeholder").trim());
	}
	return [...found];
}"""


@cache
def our_strings() -> dict[str, str]:
	"""English source → Chinese, of those that differ."""
	with TRANSLATIONS.open(encoding="utf-8", newline="") as file:
		return {row[0].strip(): row[1] for row in csv.reader(file) if len(row) > 1 and row[0] != row[1]}


def untranslated(texts: Iterable[str]) -> list[str]:
	return sorted(text for text in texts if text in our_strings())


class Desk:
	def __init__(self, page: Page):
		self.page = page
		self.faults: list[str] = []
		page.on("console", self._on_console)
		page.on("pageerror", lambda error: self._note(error.stack or error.message))

	def _on_console(self, message: ConsoleMessage) -> None:
		if message.type == "error":
			self._note(f"{message.text} {message.location.get('url', '')}")

	def _note(self, fault: str) -> None:
		if not any(word in fault for word in NOT_OURS):
			self.faults.append(fault)

	def sign_in(self, base_url: str, user: str, password: str) -> None:
		self.page.goto(f"{base_url}/login")
		self.page.fill("#login_email", user)
		self.page.fill("#login_password", password)
		self.page.click(".form-login .btn-login")
		self.page.wait_for_function("window.frappe?.session?.user && window.frappe.router?.current_route")
		self.wait()

	def wait(self) -> None:
		self.page.evaluate(QUIET)

	def go(self, *route: str, options: dict | None = None) -> None:
		"""By the desk's own router, which knows the address on each Frappe."""
		self.page.evaluate(
			"([route, options]) => { frappe.route_options = options; return frappe.set_route(route); }",
			[list(route), options],
		)
		self.wait()

	def call(self, method: str, **args):
		return self.page.evaluate("([method, args]) => frappe.xcall(method, args)", [method, args])

	def says(self, text: str) -> str:
		"""A text of the desk in the user's language."""
		return self.page.evaluate("(text) => __(text)", text)

	def button(self, text: str) -> None:
		"""Click a button of the form by its English text."""
		self.page.get_by_role("button", name=self.says(text), exact=True).click()
		self.wait()

	def menu(self, text: str) -> None:
		"""Click an entry of the page's menu by its English text."""
		self.page.locator(".menu-btn-group button:visible").click()
		self.page.locator(".menu-btn-group .dropdown-item:visible", has_text=self.says(text)).first.click()
		self.wait()

	def dialog(self, where: str, **values: str) -> Locator:
		"""The open dialog, the last one if there are several, checked and filled in."""
		dialog = self.page.locator(".modal.show").last
		dialog.locator(".modal-title").wait_for()
		self.wait()
		self.check(where)
		for fieldname, value in values.items():
			field = dialog.locator(f"[data-fieldname={fieldname}]:is(input, select, textarea)")
			tag = field.evaluate("(element) => element.tagName")
			field.select_option(value) if tag == "SELECT" else field.fill(value)
		return dialog

	def answer(self, where: str, **values: str) -> None:
		"""Fill in the open dialog and send it."""
		dialog = self.dialog(where, **values)
		title = dialog.locator(".modal-title").inner_text()
		dialog.locator(".btn-modal-primary:visible").click()
		self.page.locator(".modal.show .modal-title", has_text=title).wait_for(state="detached")
		self.wait()

	def messages(self) -> str:
		"""What an open message dialog says."""
		return " ".join(
			self.page.locator(".msgprint-dialog.show .modal-body, .modal.show .msgprint").all_inner_texts()
		)

	def close_dialog(self) -> None:
		self.page.locator(".modal.show .btn-modal-close").click()
		self.page.wait_for_selector(".modal-backdrop", state="detached")
		self.wait()

	def check(self, where: str = "") -> None:
		"""Nothing on the console, no message nobody asked for, no word of ours in English."""
		assert not self.faults, f"{where}: {self.faults}"
		assert not self.messages(), f"{where}: {self.messages()}"
		left = untranslated(self.page.evaluate(VISIBLE_TEXT))
		assert not left, f"{where}: not translated: {left}"
