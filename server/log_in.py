"""The log-in page, the log-out, and the exchange of the printed address for a session."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import session
from flask import url_for
from flask_login import current_user
from flask_login import login_user
from flask_login import logout_user
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from ledger.util.i18n import _
from server.log_ins import LogIn
from server.users import is_password
from server.users import plain_name

if TYPE_CHECKING:
    from server.app import Server

_TRIES_FROM_ONE_ADDRESS = parse("10 per minute")
_TRIES_FOR_ONE_NAME = parse("30 per hour")
_LONGEST_NAME = 60


def add_routes(app: Flask, server: Server) -> None:
    """`/login` and `/logout`."""
    limiter = MovingWindowRateLimiter(MemoryStorage())

    def show() -> Response:
        if current_user.is_authenticated:
            return redirect(url_for("home"))
        return _page("", 200)

    def enter() -> Response:
        name = plain_name(request.form.get("name", ""))[:_LONGEST_NAME]
        if not limiter.hit(_TRIES_FROM_ONE_ADDRESS, str(request.remote_addr)) or not limiter.hit(
            _TRIES_FOR_ONE_NAME, name
        ):
            raise TooManyRequests(retry_after=60)
        if server.settings.users is None:
            return exchange(server, request.form.get("token", ""))
        user = server.settings.users.get(name)
        if not is_password(user, request.form.get("password", "")) or user is None:
            server.logs.access(request.remote_addr, name, "log-in", "refused")
            return _page(_("帳號或密碼不對"), 403)
        _start(server.log_ins.enter(user.name, user.password_hash))
        server.logs.access(request.remote_addr, user.name, "log-in")
        return redirect(_inside(request.form.get("next", "")), 303)

    def leave() -> Response:
        if current_user.is_authenticated:
            server.log_ins.leave(str(current_user.get_id()))
            server.logs.access(request.remote_addr, current_user.name, "log-out")
        logout_user()
        session.clear()
        return redirect(url_for("log_in"), 303)

    app.add_url_rule("/login", "log_in", show, methods=["GET"])
    app.add_url_rule("/login", "enter", enter, methods=["POST"])
    app.add_url_rule("/logout", "log_out", leave, methods=["POST"])


def exchange(server: Server, token: str) -> Response:
    """A session for the token of the printed address, once."""
    log_in = server.log_ins.exchange(token)
    if log_in is None:
        return _page(_("這個網址已經用過,或不是這次印出的網址"), 403)
    _start(log_in)
    return redirect(url_for("home"), 303)


def _start(log_in: LogIn) -> None:
    session.clear()
    session.permanent = True
    login_user(log_in)


def _page(problem: str, status: int) -> Response:
    page = render_template("login.html", problem=problem, next=_inside(request.values.get("next", "")))
    return make_response(page, status)


def _inside(address: str) -> str:
    """An address of this site to go on to; home where it is any other."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc
    return address if inside and not parts.scheme and "\\" not in address else "/"
