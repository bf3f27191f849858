"""Who may write: the page's own forms, sent by the site itself, and nobody while the server is read-only."""

from __future__ import annotations

import hmac
import secrets
from typing import NamedTuple
from typing import Protocol
from urllib.parse import urlsplit

from audit.web.person import LOCAL
from audit.web.person import Person


class SupportsGet(Protocol):
    """Headers, as far as they are asked."""

    def get(self, key: str, /) -> str | None:
        """A header's value."""


class Gate(NamedTuple):
    """What a form carries to be let through, and why none is shown where nothing may be written.

    `seen` is what the form writes to as the page saw it (audit.beancount, or the books), `person` who asks.
    """

    token: str = ""
    seen: str = ""
    closed: str = ""
    person: Person = LOCAL

    @property
    def is_open(self) -> bool:
        """Whether forms are shown."""
        return not self.closed

    def may(self, act: str) -> bool:
        """Whether a form for this act is shown to who asks."""
        return self.is_open and self.person.may(act)


def new_token() -> str:
    """A secret that only pages of this process carry."""
    return secrets.token_urlsafe(32)


def is_same_site(headers: SupportsGet, host: str) -> bool:
    """Whether a request was made by a page of this site, by what the browser says of it.

    A browser sets both headers itself. One that sets neither still needs the token.
    """
    site = headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = headers.get("Origin")
    return not origin or urlsplit(origin).netloc == host


def is_token(given: str, token: str) -> bool:
    """Whether a form's token is this process's."""
    return hmac.compare_digest(given.encode(), token.encode())
