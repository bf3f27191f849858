"""All tables of the export, in their order."""

from __future__ import annotations

from reports.export import general_ledger
from reports.export import grant
from reports.export import purchases
from reports.export import report_rows

TABLES = (*general_ledger.TABLES, *purchases.TABLES, *grant.TABLES, *report_rows.TABLES)
