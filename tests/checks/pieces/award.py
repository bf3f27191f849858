"""Lines of the award, as ledger text."""

from __future__ import annotations

IMPROVEMENT = '"improvement" 200000 TWD 200000 TWD\n'
