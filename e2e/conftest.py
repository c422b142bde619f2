"""Browser tests against a served site that holds the demo year.

	BANGFU_URL=http://127.0.0.1:8000 pytest e2e

BANGFU_CHROMIUM names the browser where none is found on PATH.
"""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from desk import Desk
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

PATIENCE = 15_000  # milliseconds, for a busy machine
PASSWORD = "bangfu-demo-2025"
USERS = {
	"coordinator": "chen@yangguang.example",
	"class_teacher": "teacher1@yangguang.example",
	"leading_group": "lin@yangguang.example",
	"counsellor": "he@yangguang.example",
	"finance": "zhou@yangguang.example",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# a test browser talks to the site alone
ARGUMENTS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)


@pytest.fixture(scope="session")
def base_url() -> str:
	url = os.environ.get("BANGFU_URL")
	if not url:
		pytest.skip("BANGFU_URL is not set: the address of a served site with the demo year")
	return url.rstrip("/")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
	expect.set_options(timeout=PATIENCE)
	with sync_playwright() as running:
		yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, base_url: str) -> Iterator[Browser]:
	path = os.environ.get("BANGFU_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
	if not path:
		pytest.skip("no Chromium found: apt-get install chromium fonts-noto-cjk, or set BANGFU_CHROMIUM")
	browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
	yield browser
	browser.close()


@pytest.fixture(scope="session")
def desk_of(browser: Browser, base_url: str) -> Iterator[Callable[[str], Desk]]:
	"""The desk of a demo user, signed in once by the login page and kept open for all tests."""
	desks: dict[str, Desk] = {}

	def desk_of(who: str) -> Desk:
		if who not in desks:
			context = browser.new_context(
				locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1366, "height": 900}
			)
			context.set_default_timeout(PATIENCE)
			desks[who] = Desk(context.new_page())
			desks[who].sign_in(base_url, USERS[who], PASSWORD)
		desks[who].faults.clear()
		return desks[who]

	yield desk_of
	for desk in desks.values():
		desk.page.context.close()


@pytest.fixture
def coordinator(desk_of: Callable[[str], Desk]) -> Desk:
	return desk_of("coordinator")


@pytest.fixture
def class_teacher(desk_of: Callable[[str], Desk]) -> Desk:
	return desk_of("class_teacher")


@pytest.fixture
def leading_group(desk_of: Callable[[str], Desk]) -> Desk:
	return desk_of("leading_group")


@pytest.fixture
def counsellor(desk_of: Callable[[str], Desk]) -> Desk:
	return desk_of("counsellor")
