"""Joins a case's pages with the portfolio around it: what auditors said of like vouchers in cases that one may see."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence

from audit.elsewhere import Find
from audit.elsewhere import FindingElsewhere
from ledger.model.records import Voucher
from server.cases import Cases
from server.cases import ServedCase


def finder(cases: Cases, case: ServedCase, visible: Callable[[], Iterable[ServedCase]]) -> Find:
    """What finds findings like those on a voucher of `case`; nothing where its folder has no index."""

    def find(voucher: Voucher) -> Sequence[FindingElsewhere]:
        place = cases.place_of(case)
        if not (place / "portfolio.duckdb").is_file():
            return ()
        from portfolio.index import PortfolioError  # noqa: PLC0415 -- DuckDB is loaded only where there is an index
        from portfolio.like import findings_like  # noqa: PLC0415 -- as above

        paths = {
            each.folder.relative_to(place).as_posix()
            for each in visible()
            if each.folder.is_relative_to(place)
        }
        try:
            return findings_like(place, voucher, case.folder.relative_to(place).as_posix(), paths)
        except PortfolioError:
            return ()  # another program writes it just now, or it is of another version

    return find
