"""Who is logged in, kept in memory: it ends with the log-out, with idleness, with the password, and with the server."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from typing import NamedTuple

from flask_login import UserMixin

IDLE_SECONDS = 8 * 3600
_MOST = 10_000


class LogIn(UserMixin):
    """Somebody logged in, as Flask-Login wants it. `id` is drawn at random and says nothing."""

    def __init__(self, id_: str, name: str) -> None:
        """`name` is "" for the holder of the printed address."""
        self.id = id_
        self.name = name


class _Kept(NamedTuple):
    name: str
    password_hash: str
    used: float


class LogIns:
    """The log-ins of a running server."""

    def __init__(self, token: str = "", idle: float | None = IDLE_SECONDS) -> None:
        """`token` opens the local case, once. `idle` in seconds; None: a log-in lasts as long as the server."""
        self._token = token
        self._idle = idle
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def enter(self, name: str, password_hash: str = "") -> LogIn:
        """Log somebody in."""
        id_ = secrets.token_urlsafe(32)
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.pop(next(iter(self._kept)))
            self._kept[id_] = _Kept(name, password_hash, time.monotonic())
        return LogIn(id_, name)

    def exchange(self, token: str) -> LogIn | None:
        """Log in the holder of the printed address: the token counts once."""
        with self._lock:
            right = bool(self._token) and hmac.compare_digest(token.encode(), self._token.encode())
            if right:
                self._token = ""
        return self.enter("") if right else None

    def find(self, id_: str) -> tuple[LogIn, str] | None:
        """A log-in that still stands, with the password hash it was made with; it is then used again."""
        with self._lock:
            kept, now = self._kept.get(id_), time.monotonic()
            if kept is None:
                return None
            if self._idle is not None and now - kept.used > self._idle:
                del self._kept[id_]
                return None
            self._kept[id_] = kept._replace(used=now)
        return LogIn(id_, kept.name), kept.password_hash

    def leave(self, id_: str) -> None:
        """Log out."""
        with self._lock:
            self._kept.pop(id_, None)
