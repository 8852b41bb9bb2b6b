"""Small tables: a folder of CSV files or one workbook, checked row by row, and written back.

`read_tables` gives text with the row numbers that the person sees; `rows` makes typed rows of it;
`write_folder` and `write_excel` give back what was read.
"""

from wholesystem.tables.raw import Layout, RawRow, Table, Tables
from wholesystem.tables.reading import read_tables
from wholesystem.tables.writing import write_excel, write_folder

__all__ = [
    "Layout",
    "RawRow",
    "Table",
    "Tables",
    "read_tables",
    "write_excel",
    "write_folder",
]
