"""What past books suggest for a voucher that nobody could place: shown apart, and never booked by itself.

The learning is smart_importer's, the optional extra `proposals`: without it nothing is proposed, and with it
nothing of it is imported before there is something to propose. What it says counts only where it is sure, and
where a past purchase can be shown that is like this one: a learner that has seen nothing alike names the
category that is booked most.
"""

from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from importers.config.rules import Rules
from importers.config.rules import read_rules
from importers.planning.categories import LEAST_ALIKE
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.loading.loader import load_case
from ledger.util.i18n import _
from ledger.util.text import fold

EXTRA = "grantledger[proposals]"
THRESHOLD = 40  # of 100
_NO_PURCHASE = frozenset({"payroll", "allowance", "void"})


class ProposalError(GrantError):
    """What was to be learned from cannot be; the message says why."""


class Past(NamedTuple):
    """A purchase whose category is known, and where that stands."""

    category: str
    seller: str  # company number
    seller_name: str
    item: str
    number: str  # the voucher's
    case: str = ""  # the id of the case, where it is another one


class Proposal(NamedTuple):
    """A category, how sure (0 to 100), and the past purchase that speaks most for it."""

    category: str
    score: int
    like: Past
    same_seller: bool

    def as_json(self) -> dict[str, Any]:
        """As `grant classify --json` shows it."""
        return {
            "category": self.category,
            "score": self.score,
            "like": self.like._asdict(),
            "same_seller": self.same_seller,
        }


def is_installed() -> bool:
    """Whether the extra is there; nothing of it is imported."""
    return importlib.util.find_spec("smart_importer") is not None


def past_purchases(case: Case, rules: Rules, parties: Iterable[str], name: str = "") -> list[Past]:
    """What `parties` bought and booked in a case, and what was decided there; `name` where it is another case."""
    wanted = set(parties)
    booked = [
        Past(line.category, voucher.seller, voucher.seller_name, line.item, voucher.number, name)
        for voucher in case.vouchers
        if voucher.party in wanted and voucher.kind not in _NO_PURCHASE and not voucher.reverses
        for line in voucher.lines
        if line.item and line.cost > 0 and not line.disallowed
    ]
    decided = [
        Past(rule.category, rule.seller, "", rule.item, rule.voucher.rpartition(":")[2], name)
        for rule in rules.rules
        if rule.item
    ]
    return booked + decided


class Proposer:
    """Proposes categories by past purchases; the same ones in the same order propose the same."""

    def __init__(self, pasts: Iterable[Past]) -> None:
        self._pasts: dict[tuple[str, str, str], Past] = {}
        self._judge: Any = None
        for past in pasts:
            self.learn(past)

    def learn(self, past: Past) -> None:
        """One more purchase, as when the accountant has just decided; bought again it says nothing new."""
        key = (past.category, fold(past.seller or past.seller_name), fold(past.item))
        if self._pasts.setdefault(key, past) is past:
            self._judge = None

    def propose(self, seller: str, seller_name: str, item: str, categories: Iterable[str]) -> Proposal | None:
        """A category of `categories` for an item of a seller; None where the past does not tell."""
        if not item or len({past.category for past in self._pasts.values()}) < 2:
            return None
        if self._judge is None:
            from importers.classification.predictor import CategoryPredictor  # takes scikit-learn with it

            self._judge = CategoryPredictor(
                ((past.seller or past.seller_name, past.item), past.category) for past in self._pasts.values()
            ).judge
        category, margin = self._judge((seller or seller_name, item))
        score = round(100 * min(1.0, margin))
        like = self._most_alike(fold(seller or seller_name), fold(item))
        if like is None or like[0].category != category:
            return None
        return (
            Proposal(category, score, *like) if score >= THRESHOLD and category in set(categories) else None
        )

    def _most_alike(self, seller: str, item: str) -> tuple[Past, bool] | None:
        """The past purchase that is most like this one, by its item or else by its seller, and whether by it.

        None where nothing is, and where what is most alike stands in two categories.
        """
        found = [
            ((alike if alike >= LEAST_ALIKE else 0.0, same_seller), past)
            for past in self._pasts.values()
            for alike in [Levenshtein.normalized_similarity(item, fold(past.item))]
            for same_seller in [bool(seller) and fold(past.seller or past.seller_name) == seller]
            if same_seller or alike >= LEAST_ALIKE
        ]
        best = max((rank for rank, _past in found), default=None)
        likes = [(past, rank[1]) for rank, past in found if rank == best]
        return likes[0] if len({past.category for past, _same in likes}) == 1 else None


def proposer_for(folder: Path, case: Case, others: Sequence[Path] = ()) -> Proposer | None:
    """What proposes for the case in `folder`, out of its books and of `others` of the same companies.

    None where the extra is not installed. Raises ProposalError where `others` cannot be learned from, and
    what reading a case or its rules raises.
    """
    if not is_installed():
        if others:
            raise ProposalError(_("要從其他案件推測,請先安裝 {extra}").format(extra=EXTRA))
        return None
    parties = case.award.parties if case.award else ()
    pasts = past_purchases(case, read_rules(folder), parties)
    for other in others:
        known = load_case(other, datetime.date.max).case
        if known.award is None or set(known.award.parties).isdisjoint(parties):
            raise ProposalError(_("{folder} 不是同一家公司的案件,沒有採用").format(folder=other))
        pasts += past_purchases(known, read_rules(other), parties, known.award.id)
    return Proposer(pasts)
