"""A student file that a test makes for itself and takes away again, over REST."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from conftest import PASSWORD, USERS
from playwright.sync_api import APIRequestContext, APIResponse, Playwright

FILE = "/api/resource/Student File"


class Office:
	"""One user's REST session."""

	def __init__(self, playwright: Playwright, base_url: str, who: str):
		self.request: APIRequestContext = playwright.request.new_context(base_url=base_url)
		self._done(self.request.post("/api/method/login", form={"usr": USERS[who], "pwd": PASSWORD}))

	@staticmethod
	def _done(response: APIResponse) -> dict:
		assert response.ok, f"{response.url}: {response.status} {response.text()[:600]}"
		return response.json()

	def get(self, path: str, **params: str) -> list | dict:
		return self._done(self.request.get(path, params=params))["data"]

	def create(self, path: str, values: dict) -> dict:
		return self._done(self.request.post(path, data=values))["data"]

	def delete(self, path: str) -> None:
		self._done(self.request.delete(path))

	def call(self, path: str, **args: str) -> dict:
		return self._done(self.request.post(f"/api/method/{path}", form=args))

	def apply(self, doc: dict, action: str) -> dict:
		path = "/api/method/frappe.model.workflow.apply_workflow"
		return self._done(self.request.post(path, data={"doc": doc, "action": action}))["message"]


@contextmanager
def candidate(playwright: Playwright, base_url: str) -> Iterator[dict]:
	"""A file submitted for class review by the coordinator, in a class of the class teacher."""
	office = Office(playwright, base_url, "coordinator")
	filters = f'[["head_teacher", "=", "{USERS["class_teacher"]}"]]'
	school_class = office.get("/api/resource/School Class", filters=filters, fields='["name", "school"]')[0]
	need = office.get("/api/resource/Need Category", limit_page_length="1")[0]
	file = office.create(
		FILE,
		{
			"student_name": f"测试候选{datetime.now():%m%d%H%M%S%f}",
			"gender": "Female",
			"birth_date": "2013-05-06",
			"school": school_class["school"],
			"school_class": school_class["name"],
			"stage": "Compulsory Education",
			"source": "Teacher Nomination",
			"needs": [{"need_category": need["name"]}],
		},
	)
	# what an approval asks for
	criterion = office.get("/api/resource/Eligibility Criterion", limit_page_length="1")[0]
	evidence = office.create(
		"/api/resource/Recognition Evidence",
		{
			"student": file["name"],
			"criterion": criterion["name"],
			"method": "Site Visit",
			"finding": "入户走访,情况属实。",
		},
	)
	try:
		yield office.apply(file, "Submit for Class Review")
	finally:
		# what was approved is history and stays
		office = Office(playwright, base_url, "leading_group")
		if office.get(f"{FILE}/{file['name']}")["status"] != "In Support":
			office.delete(f"/api/resource/Recognition Evidence/{evidence['name']}")
			office.delete(f"{FILE}/{file['name']}")
