"""Workbooks of an office in and out.

workbook.py  file ↔ sheet: headings, rows, the workbook of the faulty rows
values.py    one cell → date, number, option, phone …, or a fault
layouts.py   one declaration per kind of workbook: which heading goes to which field
row_rules.py what a layout must say about a whole row, or about all rows together
rows.py      sheet rows → checked rows → records
masters.py   records that a row refers to, found by name or translation, made when missing
differences.py  what a row says that the stored record does not
importer.py  check everything, then write everything or nothing
"""
