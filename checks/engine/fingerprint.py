"""What a finding is about, told without its place: the same finding again after lines have moved or a day has passed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path

from beancount.core import data

from checks.engine.finding import Finding


def identities(findings: Iterable[Finding]) -> Iterator[tuple[str, Finding]]:
    """Each finding with its identity, in their order; what comes again gets the number of its turn."""
    seen: Counter[str] = Counter()
    for finding in findings:
        identity = "\n".join((finding.check, finding.subject, finding.voucher, _about(finding)))
        seen[identity] += 1
        yield f"{identity}\n{seen[identity]}", finding


def fingerprint(identity: str) -> str:
    """An identity as a short name."""
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _about(finding: Finding) -> str:
    """The entry, by what stays the same when it is moved or mended."""
    entry = finding.entry
    if entry is None:
        return f"{Path(finding.file).name} {finding.message}"
    if finding.voucher:
        return type(entry).__name__
    if isinstance(entry, data.Transaction):
        return str(entry.meta.get("import-id") or f"{entry.date} {entry.payee} {entry.narration}")
    if isinstance(entry, data.Custom):
        named = [str(value.value) for value in entry.values or () if isinstance(value.value, str)]
        return " ".join([entry.type, str(entry.meta.get("party") or ""), *named])
    return f"{type(entry).__name__} {entry.date}"
