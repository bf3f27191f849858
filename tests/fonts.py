"""Whether this machine prints Chinese: tests that set a page skip where it does not."""

from __future__ import annotations

import functools
import io

import pypdf
import pytest

from reports.pdf.document import has_fonts


@functools.cache
def prints_chinese() -> bool:
    """Whether a page that WeasyPrint sets can be read back in Chinese."""
    weasyprint = pytest.importorskip("weasyprint")
    if not has_fonts():  # the library's layout would end the whole process
        return False
    page = weasyprint.HTML(string='<p style="font-family: Noto Sans CJK TC">銀行</p>').write_pdf()
    return "銀行" in pypdf.PdfReader(io.BytesIO(page)).pages[0].extract_text()


def need_chinese() -> None:
    """Skip the test where no font here has Chinese."""
    if not prints_chinese():
        pytest.skip("no font with Chinese is installed")
