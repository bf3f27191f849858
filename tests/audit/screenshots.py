"""Pictures of the pages for the documentation: `python -m tests.audit.screenshots CASE OUT [YYYY-MM-DD]`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.audit.browser import TABS
from tests.audit.browser import chromium
from tests.audit.browser import serving

WIDE, NARROW = (1400, 1000), (600, 1000)
_PDF_SECONDS = 2  # Chromium's own viewer draws after the page has loaded


def take(case: Path, out: Path, as_of: str) -> None:
    """Write one picture a page, and the overview on a narrow screen."""
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as profile,
        chromium(Path(profile)) as driver,
        serving(driver, case, read_only=True) as browser,
    ):
        for tab in TABS:
            browser.open(f"?tab={tab}&as_of={as_of}")
            driver.save_screenshot(str(out / f"{tab}.png"))
        browser.open(f"?tab=vouchers&sort=amount&as_of={as_of}")
        browser.follow(".audit tbody a")
        time.sleep(_PDF_SECONDS)
        driver.save_screenshot(str(out / "voucher.png"))
        driver.set_window_size(*NARROW)
        browser.open(f"?tab=overview&as_of={as_of}")
        driver.save_screenshot(str(out / "narrow.png"))


if __name__ == "__main__":
    take(Path(sys.argv[1]).resolve(), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
