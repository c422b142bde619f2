# methods
class SQLiteTable(DBTable):
	def alter(self):
		"""Add columns and indexes in place; rebuild the table, keys, defaults and indexes kept, for anything else.
		(The wheel's rebuild kept names and types only, so tables lost their primary key.)"""
		for col in self.columns.values():
			col.build_for_alter_table(self.current_columns.get(col.fieldname.lower()))

		for col in self.add_column:
			definition = col.get_definition().removesuffix(" UNIQUE")
			frappe.db.sql_ddl(f"ALTER TABLE `{self.table_name}` ADD COLUMN `{col.fieldname}` {definition}")

		inline_unique, indexes = frappe.db.get_table_indexes(self.table_name)
		drop_unique = {col.fieldname for col in self.drop_unique}
		changed = {c.fieldname: c for c in self.change_type + self.set_default + self.change_nullability}
		if changed or drop_unique & inline_unique:
			definitions = {
				name: col.get_definition().removesuffix(" UNIQUE") for name, col in changed.items()
			}
			frappe.db.rebuild_table(self.table_name, definitions, inline_unique - drop_unique)

		for name, (columns, unique) in indexes.items():
			if columns[:1] == columns and columns[0] in (
				drop_unique if unique else {col.fieldname for col in self.drop_index}
			):
				frappe.db.sql_ddl(f"DROP INDEX IF EXISTS `{name}`")
		for col in self.add_unique:
			frappe.db.sql_ddl(
				f"CREATE UNIQUE INDEX IF NOT EXISTS `{self.table_name}_{col.fieldname}_unique` ON `{self.table_name}` (`{col.fieldname}`)"
			)
		for col in self.add_index:
			frappe.db.sql_ddl(
				f"CREATE INDEX IF NOT EXISTS `{self.table_name}_{col.fieldname}_index` ON `{self.table_name}` (`{col.fieldname}`)"
			)
