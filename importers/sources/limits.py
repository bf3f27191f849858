"""What one file may cost, in one place. A file beyond these is refused in a line that names the limit."""

from __future__ import annotations

MEGABYTE = 1024 * 1024

MOST_BYTES = 100 * MEGABYTE  # of a file
MOST_MEMBERS = 20_000  # of a zip
MOST_UNPACKED = 150 * MEGABYTE  # of all members of a zip together
MOST_TEXT = 40 * MEGABYTE  # of a file that is read as text
MOST_CELLS = 3_000_000  # of a workbook
MOST_TABLES = 500  # of a web page
MOST_ROWS_ON_A_PAGE = 200_000  # of all tables of a web page
MOST_SPAN = 1000  # of a cell on a web page, columns or rows: HTML allows no more
MOST_PDF_PAGES = 300

# The process that opens workbooks and PDFs.
CHILD_MEMORY = 220 * MEGABYTE  # above what its libraries take
CHILD_SECONDS = 4  # of processor time for a workbook, or for one page of a PDF
CHILD_PATIENCE = 120  # seconds by the clock, on a machine that is busy with other things
