"""Sheets and workbooks: grid, tables, styles, saving."""
