"""What the pages read: one case as loaded, and what is worked out from it, each thing at most once."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple
from typing import TypeVar

from beancount.core import data

from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from checks.engine.runner import unused_waivers
from checks.engine.runner import waived_findings
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from checks.engine.waivers import Waived
from checks.runs.check_case import notes_of
from ledger.case.case import Case
from ledger.case.case import Payment
from ledger.case.case import Voucher
from ledger.case.settlement import CaseSettlement
from ledger.case.settlement import NoAwardError
from ledger.case.settlement import settle_case
from ledger.entries.digest import entry_digest
from ledger.model.directives import Waiver
from ledger.model.identifiers import voucher_link
from ledger.util.text import fold

_KEY_LENGTH = 12
K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


class KeyedVoucher(NamedTuple):
    """A voucher, the digest of its content, which findings are bound to, and its key, which names it in links."""

    key: str
    digest: str
    voucher: Voucher


class View:
    """A case as the pages see it. Everything is worked out on first use and kept until the ledger changes."""

    def __init__(
        self,
        case: Case,
        entries: Sequence[data.Directive] = (),
        unreadable: list[Finding] | None = None,
        settings: Settings = BY_DEFAULT,
        found: list[Finding] | None = None,
    ) -> None:
        """`entries` are the case's, for a trial; `unreadable` is what could not be read of the books.

        `settings` are those of the ledger's plugin, `found` what its checks found, where that is known already.
        """
        self._found = found
        self.settings = settings
        self.case = case
        self.entries = entries
        self.unreadable = unreadable or []
        self._kept: dict[str, Any] = {}

    def cached(self, name: str, make: Callable[[View], T]) -> T:
        """What `make` gives for this view, made on the first call under `name`."""
        if name not in self._kept:
            self._kept[name] = make(self)
        kept: T = self._kept[name]
        return kept

    # --- doubts ----------------------------------------------------------------------------------------

    @functools.cached_property
    def findings(self) -> list[Finding]:
        """What the checks find, errors first; what cannot be read before all."""
        found = run_checks(self.case, settings=self.settings) if self._found is None else self._found
        return self.unreadable + found

    @functools.cached_property
    def waived(self) -> list[Waived]:
        """The findings that a waiver covers."""
        return waived_findings(self.case, self.settings)

    @functools.cached_property
    def unused_waivers(self) -> list[Waiver]:
        """The waivers that cover nothing."""
        return unused_waivers(self.case)

    @functools.cached_property
    def _findings_by_entry(self) -> dict[int, list[Finding]]:
        return _grouped((id(finding.entry), finding) for finding in self.findings if finding.entry)

    @functools.cached_property
    def _findings_by_number(self) -> dict[str, list[Finding]]:
        return _grouped((fold(finding.voucher), finding) for finding in self.findings if finding.voucher)

    def findings_of(self, voucher: Voucher) -> list[Finding]:
        """What the checks find about a voucher: at its entry, or by its number."""
        found = {id(one): one for one in self._findings_by_entry.get(id(voucher.entry), [])}
        if voucher.number:
            found |= {id(one): one for one in self._findings_by_number.get(fold(voucher.number), [])}
        return list(found.values())

    def waived_of(self, voucher: Voucher) -> list[Waived]:
        """The findings about a voucher that a waiver covers: at its entry, or by its number."""
        number = fold(voucher.number)
        return [
            each
            for each in self.waived
            if each.finding.entry is voucher.entry or (number and fold(each.finding.voucher) == number)
        ]

    @functools.cached_property
    def notes(self) -> list[str]:
        """What the ledger's own settings keep from being seen, a line each."""
        return notes_of(self.settings)

    # --- vouchers --------------------------------------------------------------------------------------

    @functools.cached_property
    def vouchers(self) -> dict[str, KeyedVoucher]:
        """The vouchers by key, in the order of the books; of two with the same content the later gets a number."""
        keyed: dict[str, KeyedVoucher] = {}
        for voucher in self.case.vouchers:
            digest = entry_digest(voucher.entry)
            short = key = digest[:_KEY_LENGTH]
            place = 1
            while key in keyed:
                place += 1
                key = f"{short}-{place}"
            keyed[key] = KeyedVoucher(key, digest, voucher)
        return keyed

    @functools.cached_property
    def _keys_by_number(self) -> dict[str, list[str]]:
        return _grouped((fold(each.voucher.number), each.key) for each in self.vouchers.values())

    @functools.cached_property
    def key_of_entry(self) -> dict[int, str]:
        """The key of the voucher that an entry books, by the entry's id()."""
        return {id(each.voucher.entry): each.key for each in self.vouchers.values()}

    def keys_numbered(self, number: str) -> list[str]:
        """The keys of the vouchers with this number, in the order of the books."""
        return self._keys_by_number.get(fold(number), []) if number else []

    @functools.cached_property
    def _payments(self) -> dict[str, list[Payment]]:
        return _grouped((voucher_link(payment.number), payment) for payment in self.case.payments)

    def payments_of(self, voucher: Voucher) -> list[Payment]:
        """What was paid for a voucher."""
        return self._payments.get(voucher_link(voucher.number), []) if voucher.number else []

    # --- settlement ------------------------------------------------------------------------------------

    @functools.cached_property
    def settlement(self) -> CaseSettlement | None:
        """The settlement as the books stand; None where there is no award to settle by."""
        try:
            return settle_case(self.case)
        except NoAwardError:
            return None


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    groups: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)
