"""Evidence of the end of a case, as ledger text."""

from __future__ import annotations

EVIDENCE = '2023-09-25 custom "grant-evidence" "factory-registration" "documents/特定工廠登記證明.pdf"\n'
