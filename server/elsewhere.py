"""Joins a case's pages with the portfolio around it: what auditors said of like vouchers in cases that one may see."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence

from audit.elsewhere import Across
from audit.elsewhere import Find
from audit.elsewhere import FindingAcross
from audit.elsewhere import FindingElsewhere
from ledger.model.records import Voucher
from portfolio import FILE
from server.cases import Cases
from server.cases import ServedCase


def teller(
    cases: Cases, case: ServedCase, visible: Callable[[], Iterable[ServedCase]]
) -> Callable[[], Across]:
    """What tells the findings across cases that `case` is in; of cases that who asks may not see only that there is one."""

    def tell() -> Across:
        place = cases.place_of(case)
        if case.folder == place or not (place / FILE).is_file():
            return Across()
        from server.home.from_index import index_state  # noqa: PLC0415 -- DuckDB is loaded only where there is an index

        index, own = index_state(place), case.below(place)
        if index is None or own not in index.crossed:
            return Across()
        seen = {each.below(place): each for each in visible() if each.folder.is_relative_to(place)}
        found = []
        for finding in index.crossed[own]:
            others = [path for path in finding.cases if path != own]
            is_told = all(path in seen for path in others)
            dismissal = index.dismissed.get(finding.id)
            found.append(
                FindingAcross(
                    finding.id,
                    finding.check,
                    finding.severity,
                    finding.message if is_told else "",
                    finding.amount,
                    finding.voucher if is_told else "",
                    tuple((seen[path].name, seen[path].key) for path in others) if is_told else (),
                    (dismissal.reason or "-") if dismissal else "",
                )
            )
        return Across(found, index.is_current)

    return tell


def finder(cases: Cases, case: ServedCase, visible: Callable[[], Iterable[ServedCase]]) -> Find:
    """What finds findings like those on a voucher of `case`; nothing where its folder has no index."""

    def find(voucher: Voucher) -> Sequence[FindingElsewhere]:
        place = cases.place_of(case)
        if not (place / FILE).is_file():
            return ()
        from portfolio.index import PortfolioError  # noqa: PLC0415 -- DuckDB is loaded only where there is an index
        from portfolio.like import findings_like  # noqa: PLC0415 -- as above

        paths = {each.below(place) for each in visible() if each.folder.is_relative_to(place)}
        try:
            return findings_like(place, voucher, case.below(place), paths)
        except PortfolioError:
            return ()  # another program writes it just now, or it is of another version

    return find
