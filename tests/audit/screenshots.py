"""Pictures of the pages for the documentation: `python -m tests.audit.screenshots CASE OUT [YYYY-MM-DD]`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

from tests.audit.browser import TABS
from tests.audit.browser import chromium
from tests.audit.browser import serving

_COLOURS = 128
_PDF_SECONDS = 2  # Chromium's own viewer draws after the page has loaded


def save_picture(driver: Any, path: Path) -> None:
    """What the browser shows, in fewer colours: a third of the bytes, and no eye tells."""
    driver.save_screenshot(str(path))
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(_COLOURS)
    small.save(path, optimize=True)


def take(case: Path, out: Path, as_of: str) -> None:
    """Write one picture a page."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as profile,
        chromium(Path(profile)) as driver,
        serving(driver, case, read_only=True) as browser,
    ):
        for tab in TABS:
            browser.open(f"?tab={tab}&as_of={as_of}")
            save_picture(driver, out / f"{tab}.png")
        browser.open(f"?tab=vouchers&sort=amount&as_of={as_of}")
        browser.follow(".audit tbody a")
        time.sleep(_PDF_SECONDS)
        save_picture(driver, out / "voucher.png")


if __name__ == "__main__":
    take(Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
