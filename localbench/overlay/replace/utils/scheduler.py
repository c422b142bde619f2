def start_scheduler() -> NoReturn:
	"""Enqueue what is due, at every tick."""
	tick = get_scheduler_tick()
	lock = FileLock(_get_scheduler_lock_file())
	try:
		lock.acquire(blocking=False)
	except Timeout:
		return
	while True:
		time.sleep(sleep_duration(tick))
		enqueue_events_for_all_sites()


# new
def enqueue_events_for_all_sites() -> None:
	from frappe.utils import get_sites

	for site in [os.environ["FRAPPE_SITE"]] if "FRAPPE_SITE" in os.environ else get_sites():
		enqueue_events_for_site(site)
