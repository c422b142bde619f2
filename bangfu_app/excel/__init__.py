"""Workbooks of an office in and out.

in      reading.py    file → sheets: headings, rows as a stream
        values.py     one cell → date, number, option, phone …, or a fault
        rows.py       sheet rows → checked rows
        records.py    rows → records: said twice, stored already
        importer.py   check and write in batches, keep everything or nothing
        bulk.py       records written by sets: plain_rows.py as Frappe makes them, rights.py for all that are alike
        batch_log.py  batches kept one by one, progress, stop
what    layout.py     what can be said of a kind of workbook; layouts.py says it, *_rows.py its rules
        masters.py    records that a row refers to, found by name or translation, made when missing
        differences.py  what a row says that the stored record does not
        refusals.py   what a record's rules refuse, in words for the row
out     preview.py    what an import would do
        marking.py    the workbook given back, faults marked
        template.py   the empty workbook
        exporting.py  records in the columns of the import
"""
