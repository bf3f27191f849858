"""The tables of the portfolio's index, with what each column says. The data dictionary is made from this.

Amounts are whole NT$ (BIGINT), dates are dates, `path` is the case's folder below the portfolio's.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A column: its name, its DuckDB type, and what it says."""

    name: str
    kind: str
    says: str


_PATH = Column("path", "VARCHAR", "folder of the case below the portfolio")
_FILE = Column("file", "VARCHAR", "file of the books, below the case")
_LINE = Column("line", "INTEGER", "line in that file")

TABLES: dict[str, tuple[Column, ...]] = {
    "index_state": (
        _PATH,
        Column("facts_key", "VARCHAR", "digest of what is in the case's files, and the program's version"),
        Column("findings_key", "VARCHAR", "the same with the day that the findings are of"),
        Column(
            "stamp",
            "VARCHAR",
            "digest of the names, sizes and times of the case's files; empty where they had just been written",
        ),
        Column("broken", "VARCHAR", "why the case could not be read; empty where it could"),
    ),
    "cases": (
        _PATH,
        Column("case_id", "VARCHAR", "id of the case"),
        Column("scheme", "VARCHAR", "id of its scheme"),
        Column("company", "VARCHAR", "name of the lead company"),
        Column("ubn", "VARCHAR", "its company number"),
        Column("title", "VARCHAR", "title of the project"),
        Column("asked", "DATE", "day of the application, or the first day where none is told"),
        Column("starts", "DATE", "first day"),
        Column("ends", "DATE", "last day"),
        _FILE,
        _LINE,
        Column("as_of", "DATE", "day that the figures and findings are of"),
        Column("approved_government", "BIGINT", "approved grant"),
        Column("approved_self", "BIGINT", "approved own funds"),
        Column("accepted", "BIGINT", "cost accepted"),
        Column("recognised", "BIGINT", "grant recognised by the settlement"),
        Column("received", "BIGINT", "grant received"),
        Column("withdrawn", "BIGINT", "grant withdrawn"),
        Column("due_to_treasury", "BIGINT", "interest and surplus still to be remitted"),
        Column("parked", "BIGINT", "cost that waits for the auditor's decision"),
        Column("disallowed", "BIGINT", "cost that the auditor disallowed"),
        Column("claims", "INTEGER", "vouchers of which cost is claimed"),
        Column("judged", "INTEGER", "vouchers that the auditor said something of"),
        Column("audit_findings", "INTEGER", "findings that the auditor filed"),
        Column("errors", "INTEGER", "errors that the checks found"),
        Column("warnings", "INTEGER", "warnings that the checks found"),
        Column("at_stake", "BIGINT", "sum of what the errors are about"),
        Column("closed_through", "VARCHAR", "last month closed"),
        Column(
            "month_to_close", "VARCHAR", "month that is closed next; empty where all are, or none has to be"
        ),
    ),
    "categories": (
        _PATH,
        Column("category", "VARCHAR", "category of the cost"),
        Column("vouchers", "INTEGER", "vouchers with cost claimed in it"),
        Column("claimed", "BIGINT", "cost claimed"),
        Column("decided", "INTEGER", "vouchers that the auditor has decided on"),
        Column("decided_cost", "BIGINT", "what these claim"),
        Column("wrong", "INTEGER", "vouchers of which the auditor disallowed something"),
        Column("disallowed", "BIGINT", "cost disallowed"),
    ),
    "parties": (
        _PATH,
        Column("ubn", "VARCHAR", "company number"),
        Column("name", "VARCHAR", "company"),
        Column("representative", "VARCHAR", "its representative"),
        Column("approved", "BIGINT", "grant approved for it"),
        Column("is_lead", "BOOLEAN", "whether it leads the case"),
    ),
    "claims": (
        _PATH,
        Column("key", "VARCHAR", "the same wherever the same paper is booked"),
        Column("label", "VARCHAR", "what to call the voucher"),
        Column("number", "VARCHAR", "its number as compared"),
        Column("dated", "DATE", "date on it"),
        Column("seller", "VARCHAR", "seller's company number"),
        Column("seller_name", "VARCHAR", "seller's name, folded"),
        Column("net", "BIGINT", "net of the whole paper"),
        Column("tax", "BIGINT", "its tax"),
        Column("company", "VARCHAR", "company number of the party whose cost it is"),
        Column("cost", "BIGINT", "cost claimed of it"),
        Column("papers", "VARCHAR[]", "digests of the papers filed to it"),
        Column("booked", "DATE", "day it is booked on"),
        _FILE,
        _LINE,
    ),
    "plans": (
        _PATH,
        Column("person", "VARCHAR", "name, folded"),
        Column("name", "VARCHAR", "name"),
        Column("company", "VARCHAR", "company number"),
        Column("months", "DECIMAL(9,3)", "person-months planned"),
        Column("other_months", "DECIMAL(9,3)", "person-months in other government projects"),
        _FILE,
        _LINE,
    ),
    "work": (
        _PATH,
        Column("person", "VARCHAR", "name, folded"),
        Column("name", "VARCHAR", "name"),
        Column("company", "VARCHAR", "company number"),
        Column("month", "VARCHAR", "month worked"),
        Column("effort_numerator", "BIGINT", "part of the month, as a fraction"),
        Column("effort_denominator", "BIGINT", "its denominator"),
        Column("number", "VARCHAR", "number of the payroll voucher"),
        Column("cost", "BIGINT", "cost claimed"),
        Column("booked", "DATE", "day it is booked on"),
        _FILE,
        _LINE,
    ),
    "payees": (
        _PATH,
        Column("account", "VARCHAR", "account number on the other side, digits"),
        Column("name", "VARCHAR", "name it was paid under, folded"),
        Column("number", "VARCHAR", "voucher that was paid; empty for money that came in"),
        Column("amount", "BIGINT", "paid; negative for money that came in"),
        Column("dated", "DATE", "day of the payment"),
    ),
    "findings": (
        _PATH,
        Column("check", "VARCHAR", "name of the check"),
        Column("severity", "VARCHAR", "error or warning"),
        Column("dated", "DATE", "day of the entry"),
        _FILE,
        _LINE,
        Column("message", "VARCHAR", "what it says"),
        Column("amount", "BIGINT", "money at stake"),
        Column("voucher", "VARCHAR", "number of the voucher"),
    ),
    "audit_findings": (
        _PATH,
        Column("id", "VARCHAR", "id of the auditor's finding"),
        Column("voucher", "VARCHAR", "number of the voucher"),
        Column("seller", "VARCHAR", "seller's company number"),
        Column("seller_name", "VARCHAR", "seller's name"),
        Column("item", "VARCHAR", "what was bought, an item a line"),
        Column("state", "VARCHAR", "open, parked, disallowed or accepted"),
        Column("declared", "BIGINT", "cost claimed"),
        Column("deducted", "BIGINT", "cost disallowed"),
        Column("clause", "VARCHAR", "clause that it is based on"),
        Column("comment", "VARCHAR", "what the auditor wrote"),
        Column("dated", "DATE", "day of the finding"),
    ),
    "cross_findings": (
        Column("id", "VARCHAR", "id of the finding, the same whenever it is found"),
        Column("check", "VARCHAR", "name of the check"),
        Column("severity", "VARCHAR", "error or warning"),
        Column("path", "VARCHAR", "folder of the case whose claim came later, below the portfolio"),
        Column("cases", "VARCHAR[]", "folders of all cases that it is about"),
        Column("dated", "DATE", "day of the entry"),
        Column("message", "VARCHAR", "what it says"),
        Column("amount", "BIGINT", "money at stake"),
        Column("voucher", "VARCHAR", "number of the voucher"),
        Column("subject", "VARCHAR", "what tells findings of one check in the same cases apart"),
    ),
    "cross_state": (
        Column("cases_key", "VARCHAR", "digest of the cases that the findings across cases are of"),
        Column("language", "VARCHAR", "language that they are told in"),
    ),
}
PARTS = (
    "cases",
    "categories",
    "parties",
    "claims",
    "plans",
    "work",
    "payees",
    "findings",
    "audit_findings",
)  # of one case each row, by its path


def create_statement(table: str) -> str:
    """The SQL that makes a table where there is none."""
    columns = ", ".join(f'"{column.name}" {column.kind}' for column in TABLES[table])
    return f'CREATE TABLE IF NOT EXISTS "{table}" ({columns})'
