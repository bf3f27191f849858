"""What the reader asked for: the parameters of a page's address."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from collections.abc import Sequence

from ledger.util.text import whole_number


class Query:
    """The parameters of an address; whatever is missing or makes no sense is as if it had not been asked."""

    def __init__(
        self, values: Mapping[str, Sequence[str]] | None = None, only: frozenset[int] | None = None
    ) -> None:
        """`only`: the entries (their id()) that Fava's own filters let through; None where none is set."""
        self.only = only
        self._values = {name: tuple(given) for name, given in (values or {}).items()}

    @property
    def everything(self) -> dict[str, tuple[str, ...]]:
        """All parameters by name."""
        return dict(self._values)

    def text(self, name: str) -> str:
        """One parameter, blanks off; empty where it was not given."""
        given = self._values.get(name, ())
        return given[0].strip() if given else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a parameter that may stand more than once."""
        return self._values.get(name, ())

    def number(self, name: str, default: int = 0) -> int:
        """A whole number, thousands separators allowed."""
        number = whole_number(self.text(name).replace(",", ""))
        return default if number is None else number

    def date(self, name: str) -> datetime.date | None:
        """A date as YYYY-MM-DD."""
        try:
            return datetime.date.fromisoformat(self.text(name))
        except ValueError:
            return None

    def named(self, prefix: str) -> dict[str, str]:
        """The parameters whose names begin with `prefix`, the prefix taken off."""
        return {
            name[len(prefix) :]: given[0].strip()
            for name, given in self._values.items()
            if name.startswith(prefix) and given
        }
