"""A whole case out: every table as a file, and a manifest that says what they were made from."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ledger.case.case import Case
from ledger.util.gc_pause import collector_at_rest
from reports.data.stamp import version
from reports.export import general_ledger
from reports.export import grant
from reports.export import purchases
from reports.export.formats import Format
from reports.export.formats import encode
from reports.xlsx.package import write_atomically

TABLES = (*general_ledger.TABLES, *purchases.TABLES, *grant.TABLES)
MANIFEST = "manifest.json"


def export_case(case: Case, form: Format, folder: Path) -> dict[str, int]:
    """Write every table of `case` into `folder`; gives the rows of each.

    Raises FormatError where the format's library is not there, OSError where `folder` cannot be written.
    """
    files = {}
    counts = {}
    for table in TABLES:
        with collector_at_rest():
            rows = list(table.rows(case))
            content = encode(table, rows, form)
        name = f"{table.name}.{form}"
        write_atomically(folder / name, content)
        counts[table.name] = len(rows)
        files[name] = {"rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
    manifest = {
        "case": case.award.id if case.award else "",
        "as_of": case.as_of.isoformat(),
        "version": version(),
        "files": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
    write_atomically(folder / MANIFEST, text.encode())
    return counts
