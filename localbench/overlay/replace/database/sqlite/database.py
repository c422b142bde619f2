# methods
class SQLiteDatabase(SQLiteExceptionUtil, Database):
	def get_connection(self, read_only: bool = False):
		from frappe.database.sqlite.mysql_functions import register

		conn = self.create_connection(read_only)
		conn.create_function("regexp", 2, regexp)
		conn.create_function("regexp_replace", 3, regexp_replace)
		register(conn)
		cursor = conn.cursor()
		for pragma, value in {"journal_mode": "WAL", "synchronous": "NORMAL", "busy_timeout": 20000}.items():
			cursor.execute(f"PRAGMA {pragma}={value}")
		cursor.close()
		return conn

	def create_connection(self, read_only: bool = False):
		for name, convert in CONVERTERS.items():
			sqlite3.register_converter(name, convert)
		path = self.get_db_path()
		target = f"file:{path}?mode=ro" if read_only else str(path)
		# a transaction begins with the first write and takes the write lock at once, so that it need not fail later
		# (a reader that turns writer is refused at once by SQLite when someone else has written meanwhile)
		return sqlite3.connect(
			target,
			uri=read_only,
			detect_types=sqlite3.PARSE_DECLTYPES,
			timeout=20,
			isolation_level="IMMEDIATE",
		)

	def begin(self, *, read_only=False):
		read_only = bool(read_only or frappe.flags.read_only)
		if read_only != getattr(self, "read_only", False):
			if self._conn:
				self._conn.close()
			self._conn = self.get_connection(read_only=read_only)
			self._cursor = self._conn.cursor()
			self.read_only = read_only

	# new
	def lock(self):
		"""What FOR UPDATE is elsewhere: be the one writer until commit or rollback."""
		if not self._conn:
			self.connect()
		if not self._conn.in_transaction and not getattr(self, "read_only", False):
			self._cursor.execute("BEGIN IMMEDIATE")

	# new
	def savepoint(self, save_point):
		self.lock()  # the outermost savepoint would otherwise be a transaction of its own
		self.sql(f"savepoint {save_point}")

	def rename_column(self, doctype: str, old_column_name: str, new_column_name: str):
		self.sql_ddl(
			f"ALTER TABLE `{get_table_name(doctype)}` RENAME COLUMN `{old_column_name}` TO `{new_column_name}`"
		)

	def change_column_type(self, doctype: str, column: str, type: str, nullable: bool = False):
		self.rebuild_table(get_table_name(doctype), {column: type + ("" if nullable else " NOT NULL")})

	# new
	def rebuild_table(self, table, changed, unique=None):
		"""Give columns other definitions; primary key, other columns, defaults and indexes stay."""
		unique = self.get_table_indexes(table)[0] if unique is None else unique
		auto = "AUTOINCREMENT" in self.sql("SELECT sql FROM sqlite_master WHERE name = %s", table)[0][0]
		definitions, sources = [], []
		for c in self.sql(f"PRAGMA table_info(`{table}`)", as_dict=True):
			source = f"`{c.name}`"
			if c.pk:
				kind = changed.get(c.name, c.type).split()[0]
				definition = f"{kind} PRIMARY KEY" + (" AUTOINCREMENT" if auto and kind == "INTEGER" else "")
			elif c.name in changed:
				definition = changed[c.name]
				if " NOT NULL DEFAULT " in definition:
					source = f"coalesce(`{c.name}`, {definition.split(' DEFAULT ', 1)[1]})"
			else:
				definition = c.type + (" NOT NULL" if c.notnull else "")
				if c.dflt_value is not None:
					definition += f" DEFAULT {c.dflt_value}"
			if c.name in unique:
				definition += " UNIQUE"
			definitions.append(f"`{c.name}` {definition}")
			sources.append(source)
		again = self.sql(
			"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
			table,
			pluck=True,
		)
		self.commit()
		execute = self._cursor.execute
		try:
			self.lock()
			execute(f"CREATE TABLE `{table}_new` ({', '.join(definitions)})")
			execute(f"INSERT INTO `{table}_new` SELECT {', '.join(sources)} FROM `{table}`")
			execute(f"DROP TABLE `{table}`")
			execute(f"ALTER TABLE `{table}_new` RENAME TO `{table}`")
			for statement in again:
				execute(statement)
		except Exception:
			self.rollback()
			raise
		self.commit()

	def execute_query(self, query, values=None):
		"""Bind values (the wheel pasted dict values into the text, wrongly for quotes and percent signs)."""
		if not values:
			return self._cursor.execute(query)
		is_plain = {list, tuple, set, frozenset}.isdisjoint
		if not isinstance(values, dict) and "%%" not in query and is_plain(map(type, values)):
			# thousands of values at once: no substitution for each
			return self._cursor.execute(query.replace("%s", "?"), list(map(adapt, values)))
		args = []

		def bind(value):
			if isinstance(value, list | tuple | set | frozenset):
				return "(" + ", ".join(bind(v) for v in value) + ")" if value else "(NULL)"
			args.append(adapt(value))
			return "?"

		if isinstance(values, dict):
			query = re.sub(r"%\((\w+)\)s|%%", lambda m: bind(values[m[1]]) if m[1] else "%", query)
		else:
			todo = iter(values)
			query = re.sub(r"%s|%%", lambda m: bind(next(todo)) if m[0] == "%s" else "%", query)
		return self._cursor.execute(query, args)

	def get_table_columns_description(self, table_name):
		inline_unique, indexes = self.get_table_indexes(table_name)
		unique = inline_unique | {
			cols[0] for cols, is_unique in indexes.values() if is_unique and len(cols) == 1
		}
		indexed = {cols[0] for cols, is_unique in indexes.values() if not is_unique}
		return [
			frappe._dict(
				name=c.name,
				type=c.type,
				default=c.dflt_value,
				index=int(c.name in indexed),
				unique=int(c.name in unique),
				not_nullable=c.notnull,
			)
			for c in self.sql(f"PRAGMA table_info(`{table_name}`)", as_dict=True)
		]

	# new
	def get_table_indexes(self, table_name):
		"""columns made UNIQUE in the table's definition, and {index: (columns, unique)} of the separate indexes"""
		inline, indexes = set(), {}
		for index in self.sql(f"PRAGMA index_list(`{table_name}`)", as_dict=True):
			columns = [c.name for c in self.sql(f"PRAGMA index_info(`{index.name}`)", as_dict=True)]
			if index.origin == "u":
				inline.update(columns)
			elif index.origin == "c":
				indexes[index.name] = (columns, bool(index.unique))
		return inline, indexes

	# new
	def mogrify(self, query, values):
		return f"{query} {values}" if values else query


def regexp(expr: str, item: str) -> bool:
	return item is not None and re.search(expr, str(item), re.IGNORECASE) is not None


# new
def adapt(value):
	if value is None or type(value) in (str, int, float):
		return value
	if isinstance(value, timedelta):
		return format_timedelta(value)
	if isinstance(value, Decimal):
		return float(value)
	if isinstance(value, datetime | date | time):
		return str(value)
	if isinstance(value, str):
		return str(value)
	return value


# new
def _to_datetime(raw: bytes):
	try:
		return datetime.fromisoformat(raw.decode()).replace(tzinfo=None)
	except ValueError:
		return None


# new
def _to_date(raw: bytes):
	value = _to_datetime(raw[:10])
	return value and value.date()


# new
def _to_time(raw: bytes):
	"""a timedelta, as MariaDB gives"""
	try:
		h, m, s = (raw.decode().split(":") + ["0", "0"])[:3]
		return timedelta(hours=int(h), minutes=int(m), seconds=float(s))
	except ValueError:
		return None


# new
CONVERTERS = {"timestamp": _to_datetime, "datetime": _to_datetime, "date": _to_date, "time": _to_time}


def modify_query(query):
	"""MySQL's SQL to SQLite's. Backticks stay: SQLite takes an unknown "name" for a text, an unknown `name` for an error."""
	query = str(query)
	low = query.lower()
	for word, pattern, new in REWRITES:
		if word in low:
			query = pattern.sub(new, query)
	if "for update" in low and FOR_UPDATE.search(query):
		frappe.db.lock()
		query = FOR_UPDATE.sub("", query)
	return query


# new
FOR_UPDATE = re.compile(r"\s+for\s+update(\s+nowait|\s+skip\s+locked)?\s*;?\s*$", re.I)
# new
REWRITES = [
	(word, re.compile(pattern, re.I), new)
	for word, pattern, new in (
		("from tab", r"from tab([a-zA-Z]*)", r"from `tab\1`"),
		(
			"interval",
			r"""\b(date_(?:add|sub))\(([^,]+),\s*interval\s+'?([^\s')]+)'?\s+'?(\w+)'?\s*\)""",
			r"date_shift(\2, '\1', \3, '\4')",
		),
		(
			"interval",
			r"""([\w."`]+(?:\(\))?)\s*([+-])\s*interval\s+'?(\d+)'?\s+'?(\w+)'?""",
			r"date_shift(\1, '\2', \3, '\4')",
		),
		(
			"separator",
			r"""(group_concat\((?:[^()]|\([^()]*\))*?)\s+separator\s+('[^']*'|"[^"]*")\s*\)""",
			r"\1, \2)",
		),
		("timestampdiff", r"timestampdiff\(\s*(\w+)\s*,", r"timestampdiff('\1',"),
		("on duplicate key", r"on duplicate key update", "on conflict do update set"),
		("on duplicate key", r"\bvalues\((`?\w+`?)\)(?=\s*(,|$))", r"excluded.\1"),
	)
]
