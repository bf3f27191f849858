"""What auditors said of like vouchers elsewhere: of the same seller, or of the same item in words."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from audit.elsewhere import FindingElsewhere
from ledger.model.records import Voucher
from ledger.util.i18n import _
from ledger.util.text import fold
from portfolio.index import reading

_MOST = 20
_SHORTEST = 4  # letters of an item that is looked for inside another


def findings_like(
    folder: Path, voucher: Voucher, own: str, may_see: Collection[str]
) -> list[FindingElsewhere]:
    """Findings in the other cases of a portfolio, the same seller and item first, then the latest.

    `own` is the path of the voucher's case in the index, `may_see` the paths whose findings may be told. Raises
    PortfolioError where there is no index.
    """
    items = {fold(line.item) for line in voucher.lines if line.item}
    with reading(folder) as connection:
        rows = connection.execute(
            "SELECT a.path, c.company, a.voucher, a.seller, a.seller_name, a.item, a.state, a.declared, a.deducted,"
            " a.clause, a.comment FROM audit_findings a JOIN cases c USING (path) WHERE a.path <> ?"
            " ORDER BY a.dated DESC, a.path, a.id",
            [own],
        ).fetchall()
    found: list[tuple[int, FindingElsewhere]] = []
    for path, company, number, seller, seller_name, item, *told in rows:
        if path not in may_see:
            continue
        is_seller = bool(voucher.seller) and seller == voucher.seller
        is_seller = is_seller or fold(seller_name) == fold(voucher.seller_name) != ""
        is_item = any(_is_like(one, fold(other)) for one in items for other in item.split("\n"))
        if is_seller or is_item:
            shown = FindingElsewhere(
                path, company, number, seller_name, _("、").join(item.split("\n")), *told
            )
            found.append((-(is_seller + is_item), shown))
    return [shown for _rank, shown in sorted(found, key=lambda each: each[0])][:_MOST]


def _is_like(one: str, other: str) -> bool:
    """Whether two items are the same in words, or the shorter stands within the longer."""
    short, long = sorted((one, other), key=len)
    return one == other != "" or (len(short) >= _SHORTEST and short in long)
