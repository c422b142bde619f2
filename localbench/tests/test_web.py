"""Over HTTP: login by password, by token, files, realtime's handshake."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

import pytest

from localbench import sites


@pytest.fixture(scope="module")
def url(site):
	with sites.served(site, sites.free_port()) as url:
		yield url


def request(url: str, data: dict | None = None, opener=None, **headers) -> tuple[int, dict]:
	body = None if data is None else json.dumps(data).encode()
	headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}
	try:
		with (opener or urllib.request.build_opener()).open(
			urllib.request.Request(url, body, headers)
		) as answer:
			return answer.status, json.loads(answer.read())
	except urllib.error.HTTPError as error:
		return error.code, {"error": error.read().decode()[:2000]}


def log_in(url: str, user: str, password: str):
	opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
	status, _ = request(f"{url}/api/method/login", {"usr": user, "pwd": password}, opener)
	return status, opener


def test_login(url):
	assert log_in(url, "Administrator", "wrong")[0] == 401
	status, opener = log_in(url, "Administrator", sites.ADMIN_PASSWORD)
	assert status == 200
	assert (
		request(f"{url}/api/method/frappe.auth.get_logged_user", opener=opener)[1]["message"]
		== "Administrator"
	)


def test_guest_is_refused(url):
	assert request(f"{url}/api/resource/Probe%20Visit")[0] == 403


def test_token(url, frappe, make_user):
	from frappe.core.doctype.user.user import generate_keys

	user = make_user("machine", "Probe Clerk")
	secret = generate_keys(user)["api_secret"]
	frappe.db.commit()
	token = {"Authorization": f"token {frappe.db.get_value('User', user, 'api_key')}:{secret}"}
	status, answer = request(f"{url}/api/resource/Probe%20Visit", {"title": "by token"}, **token)
	assert (status, answer.get("data", {}).get("owner")) == (200, user), answer
	name = answer["data"]["name"]
	assert request(f"{url}/api/resource/Probe%20Visit/{name}", **token)[1]["data"]["title"] == "by token"
	assert request(f"{url}/api/v2/document/Probe%20Visit/{name}", **token)[1]["data"]["title"] == "by token"
	assert request(f"{url}/api/resource/User/Administrator", **token)[0] == 403


def test_arguments_are_converted_to_their_types(url):
	_, opener = log_in(url, "Administrator", sites.ADMIN_PASSWORD)
	double = f"{url}/api/method/probe_two.events.double"
	assert request(f"{double}?number=21", opener=opener)[1]["message"] == 42
	assert request(f"{double}?number=many", opener=opener)[0] == 417


def test_private_file(url, frappe):
	from frappe.utils.file_manager import save_file

	file = save_file("private.txt", b'"secret"', None, None, is_private=1)
	frappe.db.commit()
	assert request(url + file.file_url)[0] == 403
	_, opener = log_in(url, "Administrator", sites.ADMIN_PASSWORD)
	assert request(url + file.file_url, opener=opener) == (200, "secret")


def test_desk_and_its_assets(url):
	_, opener = log_in(url, "Administrator", sites.ADMIN_PASSWORD)
	page = opener.open(f"{url}/desk").read().decode()
	script = next(part for part in page.split('"') if part.startswith("/assets/frappe/dist/js/desk.bundle"))
	assert opener.open(url + script).status == 200
