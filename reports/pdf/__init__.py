"""The settlement report as PDF: the sheets of the workbook set as pages.

Set by WeasyPrint. Typst's package was tried beside it: it is about five times as fast and needs no library of the
system, but its licence (Apache-2.0) does not go together with ours (GPL-2.0-only); WeasyPrint's (BSD) does. Both
set Chinese well: line breaking by character, fonts embedded by the characters used. WeasyPrint needs Pango, which
Debian and macOS bring as a package (`libpango`) and Windows gets with MSYS2.
"""

from reports.pdf.document import PdfError
from reports.pdf.document import settlement_pdf

__all__ = ["PdfError", "settlement_pdf"]
