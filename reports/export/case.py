"""A whole case out: every table as a file, and a manifest that says what they were made from."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ledger.case.case import Case
from ledger.files.whole_file import write_atomically
from reports.data import frames
from reports.data.stamp import version
from reports.export.formats import Format
from reports.export.formats import encode

MANIFEST = "manifest.json"


def export_case(case: Case, form: Format, folder: Path) -> dict[str, int]:
    """Write every DataFrame of `case` into `folder` as a file; gives the rows of each.

    Raises FormatError where the format's library is not there, OSError where `folder` cannot be written.
    """
    files = {}
    counts = {}
    for name, frame in frames(case).items():
        content = encode(frame, form)
        file = f"{name}.{form}"
        write_atomically(folder / file, content)
        counts[name] = len(frame)
        files[file] = {"rows": len(frame), "sha256": hashlib.sha256(content).hexdigest()}
    manifest = {
        "case": case.award.id if case.award else "",
        "as_of": case.as_of.isoformat(),
        "version": version(),
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    write_atomically(folder / MANIFEST, text.encode())
    return counts
