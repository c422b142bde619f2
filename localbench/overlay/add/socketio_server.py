"""Realtime updates for the desk: what upstream does with a Node process is done inside the web server's process.

`wrap(application)` answers /socket.io (pip install python-socketio simple-websocket) and passes on what
`frappe.publish_realtime` sends to redis' channel "events"."""

import json
import threading

import redis
from werkzeug.test import Client

import frappe


def wrap(application):
	import socketio

	server = socketio.Server(async_mode="threading", cors_allowed_origins="*", namespaces="*")
	client = Client(application, use_cookies=False)

	def ask(cookie, method, **params):
		"""call a whitelisted method as the user whose cookie this is"""
		response = client.get(
			f"/api/method/{method}",
			query_string=params,
			headers={"Cookie": cookie, "Accept": "application/json"},
		)
		return response.json.get("message") if response.status_code == 200 else None

	class Site(socketio.Namespace):
		def on_connect(self, sid, environ, auth=None):
			cookie = environ.get("HTTP_COOKIE", "")
			info = ask(cookie, "frappe.realtime.get_user_info")
			if not info:
				return False
			self.save_session(sid, {"cookie": cookie, "user": info["user"]})
			self.enter_room(sid, f"user:{info['user']}")
			self.enter_room(sid, "website")
			if info["user_type"] == "System User":
				self.enter_room(sid, "all")

		def allowed(self, sid, doctype, name=""):
			cookie = self.get_session(sid)["cookie"]
			return ask(cookie, "frappe.realtime.has_permission", doctype=doctype, name=name)

		def on_doctype_subscribe(self, sid, doctype):
			if self.allowed(sid, doctype):
				self.enter_room(sid, f"doctype:{doctype}")

		def on_doctype_unsubscribe(self, sid, doctype):
			self.leave_room(sid, f"doctype:{doctype}")

		def on_doc_subscribe(self, sid, doctype, name):
			if self.allowed(sid, doctype, name):
				self.enter_room(sid, f"doc:{doctype}/{name}")

		def on_doc_unsubscribe(self, sid, doctype, name):
			self.leave_room(sid, f"doc:{doctype}/{name}")

		def on_doc_open(self, sid, doctype, name):
			if self.allowed(sid, doctype, name):
				self.enter_room(sid, f"open_doc:{doctype}/{name}")
				self.tell_viewers(doctype, name)

		def on_doc_close(self, sid, doctype, name):
			self.leave_room(sid, f"open_doc:{doctype}/{name}")
			self.tell_viewers(doctype, name)

		def tell_viewers(self, doctype, name):
			room = f"open_doc:{doctype}/{name}"
			sids = [p[0] for p in server.manager.get_participants(self.namespace, room)]
			users = sorted({self.get_session(sid)["user"] for sid in sids})
			self.emit("doc_viewers", {"doctype": doctype, "docname": name, "users": users}, room=room)

		def on_task_subscribe(self, sid, task_id):
			self.enter_room(sid, f"task_progress:{task_id}")

		on_progress_subscribe = on_task_subscribe

		def on_task_unsubscribe(self, sid, task_id):
			self.leave_room(sid, f"task_progress:{task_id}")

		def on_ping(self, sid):
			self.emit("pong", room=sid)

	frappe.init()
	namespace = f"/{frappe.local.site}"
	url = frappe.conf.redis_queue
	frappe.destroy()
	server.register_namespace(Site(namespace))

	def forward():
		while True:
			try:
				from frappe.utils.redis_wrapper import connect

				channel = connect(url).pubsub(ignore_subscribe_messages=True)
				channel.subscribe("events")
				for message in channel.listen():
					event = json.loads(message["data"])
					server.emit(
						event["event"],
						event["message"],
						room=event.get("room"),
						namespace="/" + event["namespace"],
					)
			except redis.exceptions.ConnectionError:
				threading.Event().wait(2)

	threading.Thread(target=forward, daemon=True).start()
	return socketio.WSGIApp(server, application)
