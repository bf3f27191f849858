"""smart_importer's predictor, asked for the category of one purchase: nothing is wrapped and no entry is changed.

Only `importers.classification.suggestions` imports this, for it takes scikit-learn with it.
"""

from __future__ import annotations

import datetime
import itertools
import re
import warnings
from collections.abc import Iterable

from beancount.core import data
from smart_importer.predictor import EntryPredictor

from ledger.util.text import fold

Purchase = tuple[str, str]  # the seller (company number, else name) and the item

_WORD = re.compile(r"[a-z]+|[0-9]+|.")
_ANY_DAY = datetime.date(2000, 1, 1)


class CategoryPredictor(EntryPredictor):  # type: ignore[misc]
    """Learns which category a purchase belongs to, by its seller and the words of its item."""

    # A seller is one word, an item many: so weighed, a seller in common counts as a short item in common does.
    weights = {"payee": 4.0, "narration": 1.0}  # noqa: RUF012 -- smart_importer's own attribute

    def __init__(self, learned: Iterable[tuple[Purchase, str]]) -> None:
        """`learned` are purchases with their categories; two categories at the least."""
        super().__init__(string_tokenizer=_words)
        self.load_training_data([_as_entry(purchase, category) for purchase, category in learned], "")
        self.define_pipeline()
        with warnings.catch_warnings():  # that a tokenizer replaces a pattern is what was asked for
            warnings.simplefilter("ignore", UserWarning)
            self.train_pipeline()

    @property
    def targets(self) -> list[str]:
        """The category of each entry that is learned from."""
        return [entry.meta["category"] for entry in self.training_data or ()]

    def training_data_filter(self, txn: data.Transaction, account: str) -> bool:
        """Whether to learn from an entry: from all of these, which are made here."""
        return not account or bool(txn)

    def define_pipeline(self) -> None:
        """smart_importer's own, told to show the margin between each two categories."""
        super().define_pipeline()
        self.pipeline[-1].set_params(decision_function_shape="ovo")

    def judge(self, purchase: Purchase) -> tuple[str, float]:
        """The category that wins, and by how much against the next: 1 is as sure as of what was learned."""
        found = self.pipeline.decision_function([_as_entry(purchase, "")])[0]
        categories = [str(category) for category in self.pipeline[-1].classes_]
        pairs = list(itertools.combinations(categories, 2))
        # Of two categories scikit-learn gives one figure, and that for the second.
        margins = [float(margin) for margin in found] if len(pairs) > 1 else [-float(found)]
        least = {
            category: min(
                margin if one == category else -margin
                for (one, other), margin in zip(pairs, margins, strict=True)
                if category in {one, other}
            )
            for category in categories
        }
        category = max(categories, key=lambda known: least[known])
        return category, least[category]


def _words(text: str) -> list[str]:
    """The words of a text as far as Chinese has any: its characters; Latin words and numbers whole."""
    return _WORD.findall(text.lower())


def _as_entry(purchase: Purchase, category: str) -> data.Transaction:
    """A purchase as the entry that smart_importer looks at; it is in no book."""
    seller, item = purchase
    meta = {"category": category}
    return data.Transaction(meta, _ANY_DAY, "*", fold(seller), fold(item), frozenset(), frozenset(), [])
