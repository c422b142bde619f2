"""MySQL's functions that apps' SQL uses, for SQLite connections."""

import datetime
import re
import time


def _dt(value):
	if value is None or value == "":
		return None
	if isinstance(value, int | float):
		value = str(int(value))
	value = str(value).strip()
	if re.fullmatch(r"\d{8}(\d{6})?", value):
		return datetime.datetime.strptime(value.ljust(14, "0"), "%Y%m%d%H%M%S")
	try:
		return datetime.datetime.fromisoformat(value)
	except ValueError:
		return None


def _null(f):
	"""NULL in, NULL out"""

	def g(value, *args):
		d = _dt(value)
		return None if d is None else f(d, *args)

	return g


_FORMAT = {
	"a": "%a",
	"b": "%b",
	"d": "%d",
	"f": "%f",
	"H": "%H",
	"h": "%I",
	"I": "%I",
	"i": "%M",
	"j": "%j",
	"M": "%B",
	"m": "%m",
	"p": "%p",
	"r": "%I:%M:%S %p",
	"S": "%S",
	"s": "%S",
	"T": "%H:%M:%S",
	"U": "%U",
	"u": "%W",
	"V": "%U",
	"v": "%V",
	"W": "%A",
	"w": "%w",
	"X": "%Y",
	"x": "%G",
	"Y": "%Y",
	"y": "%y",
}


def date_format(d, fmt):
	plain = {"c": d.month, "e": d.day, "k": d.hour, "l": d.hour % 12 or 12, "%": "%"}
	return re.sub(
		r"%(.)",
		lambda m: str(plain[m[1]]) if m[1] in plain else d.strftime(_FORMAT.get(m[1], m[1])),
		fmt,
	)


def _timestamp(value, part=None):
	d = _dt(value)
	if d is None or part is None:
		return str(d) if d else None
	h, m, s = (*str(part).split(":"), "0", "0")[:3]
	return str(d + datetime.timedelta(hours=int(h), minutes=int(m), seconds=float(s)))


def _substring_index(s, sep, count):
	if s is None:
		return None
	parts = str(s).split(sep)
	return sep.join(parts[:count] if count > 0 else parts[count:] if count < 0 else [])


def _yearweek(d, mode=0):
	year, week, _day = d.isocalendar()
	return year * 100 + week


def _date_shift(value, sign, n, unit):
	"""value ± n units; for NOW() - INTERVAL '14 DAY' and DATE_ADD(x, INTERVAL 3 MONTH), rewritten to this"""
	from dateutil.relativedelta import relativedelta

	d = _dt(value)
	if d is None:
		return None
	n = int(float(n)) * (-1 if sign.lower() in ("-", "date_sub") else 1)
	unit = unit.lower().rstrip("s") + "s"
	shifted = d + (relativedelta(months=3 * n) if unit == "quarters" else relativedelta(**{unit: n}))
	return (
		str(shifted)[:10]
		if len(str(value)) == 10 and unit in ("days", "weeks", "months", "years", "quarters")
		else str(shifted)
	)


def _timestampdiff(unit, a, b):
	from dateutil.relativedelta import relativedelta

	a, b = _dt(a), _dt(b)
	if a is None or b is None:
		return None
	unit = unit.lower()
	seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
	if unit in seconds:
		return int((b - a).total_seconds() / seconds[unit])
	months = (lambda d: d.years * 12 + d.months)(relativedelta(b, a))
	return int(months / {"month": 1, "quarter": 3, "year": 12}[unit])


FUNCTIONS = [
	("timestampdiff", 3, _timestampdiff),
	("date_shift", 4, _date_shift),
	("now", 0, lambda: str(datetime.datetime.now())[:19]),
	("sysdate", 0, lambda: str(datetime.datetime.now())[:19]),
	("curdate", 0, lambda: str(datetime.date.today())),
	("curtime", 0, lambda: str(datetime.datetime.now().time())[:8]),
	("year", 1, _null(lambda d: d.year)),
	("quarter", 1, _null(lambda d: (d.month + 2) // 3)),
	("month", 1, _null(lambda d: d.month)),
	("monthname", 1, _null(lambda d: d.strftime("%B"))),
	("week", 1, _null(lambda d: int(d.strftime("%U")))),
	("weekday", 1, _null(lambda d: d.weekday())),
	("yearweek", 1, _null(_yearweek)),
	("yearweek", 2, _null(_yearweek)),
	("day", 1, _null(lambda d: d.day)),
	("dayofmonth", 1, _null(lambda d: d.day)),
	("dayofweek", 1, _null(lambda d: d.isoweekday() % 7 + 1)),
	("dayofyear", 1, _null(lambda d: d.timetuple().tm_yday)),
	("hour", 1, _null(lambda d: d.hour)),
	("minute", 1, _null(lambda d: d.minute)),
	("second", 1, _null(lambda d: d.second)),
	(
		"last_day",
		1,
		_null(
			lambda d: str((d.replace(day=28) + datetime.timedelta(4)).replace(day=1) - datetime.timedelta(1))[
				:10
			]
		),
	),
	("date_format", 2, _null(date_format)),
	("datediff", 2, lambda a, b: None if None in (_dt(a), _dt(b)) else (_dt(a).date() - _dt(b).date()).days),
	("to_days", 1, _null(lambda d: d.toordinal() + 365)),
	("unix_timestamp", 0, lambda: int(time.time())),
	("unix_timestamp", 1, _null(lambda d: int(d.timestamp()))),
	("timestamp", 1, _timestamp),
	("timestamp", 2, _timestamp),
	("if", 3, lambda a, b, c: b if a and a != "0" else c),
	("concat", -1, lambda *a: None if None in a else "".join(map(str, a))),
	("concat_ws", -1, lambda sep, *a: sep.join(str(x) for x in a if x is not None)),
	("locate", 2, lambda a, b: None if None in (a, b) else str(b).lower().find(str(a).lower()) + 1),
	("left", 2, lambda s, n: None if s is None else str(s)[:n]),
	("right", 2, lambda s, n: None if s is None else str(s)[-n:] if n else ""),
	("substring_index", 3, _substring_index),
	(
		"find_in_set",
		2,
		lambda a, b: (
			None if None in (a, b) else ([*str(b).split(","), a].index(a) + 1) % (len(str(b).split(",")) + 1)
		),
	),
	("greatest", -1, lambda *a: None if None in a else max(a)),
	("least", -1, lambda *a: None if None in a else min(a)),
	("char_length", 1, lambda s: None if s is None else len(str(s))),
	("field", -1, lambda x, *a: a.index(x) + 1 if x in a else 0),
	("uuid", 0, lambda: str(__import__("uuid").uuid4())),
]


def register(conn):
	for name, nargs, f in FUNCTIONS:
		conn.create_function(name, nargs, f)
