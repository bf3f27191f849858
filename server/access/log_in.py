"""The log-in page, the log-out, and the exchange of the printed address for a session."""

from __future__ import annotations

import hmac
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
from server.access.log_ins import LogIn
from server.access.openid import OpenIDError
from server.access.openid import Provider
from server.access.users import User
from server.access.users import is_password
from server.access.users import plain_name

if TYPE_CHECKING:
    from server.app import Server

_TRIES_FROM_ONE_ADDRESS = parse("10 per minute")
_TRIES_FOR_ONE_NAME = parse("30 per hour")
_LONGEST_NAME = 60
_SECONDS_AWAY = 600


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
    if server.provider is not None:
        _add_openid_routes(app, server, server.provider, limiter)


def _add_openid_routes(
    app: Flask, server: Server, provider: Provider, limiter: MovingWindowRateLimiter
) -> None:
    """`/login/openid`, which sends somebody to the provider, and `/login/openid/return`, where they come back."""
    cookie = f"grant-openid-{server.settings.port}"

    def back() -> str:
        return f"{provider.settings.address or request.host_url.rstrip('/')}/login/openid/return"

    def send() -> Response:
        if not limiter.hit(_TRIES_FROM_ONE_ADDRESS, str(request.remote_addr)):
            raise TooManyRequests(retry_after=60)
        try:
            address, state = provider.send(back(), _inside(request.args.get("next", "")))
        except OpenIDError as error:
            return _page(str(error), 502)
        response = redirect(address)
        # Strict, as the session is, would stay behind when the provider's page sends the browser back.
        response.set_cookie(
            cookie, state, _SECONDS_AWAY, path="/login/openid", httponly=True, samesite="Lax",
            secure=server.settings.secure,
        )  # fmt: skip
        return response

    def come_back() -> Response:
        try:
            user, next_ = _who_came_back(server, provider, request.cookies.get(cookie, ""), back())
        except OpenIDError as error:
            server.logs.access(request.remote_addr, "", "log-in", "refused")
            return _page(str(error), 403)
        _start(server.log_ins.enter(user.name, user.password_hash))
        server.logs.access(request.remote_addr, user.name, "log-in", "openid")
        # A page of ours goes on by itself: a redirect would still count as the provider's and leave the session out.
        response = make_response(render_template("entered.html", next=next_))
        response.delete_cookie(cookie, path="/login/openid")
        return response

    app.add_url_rule("/login/openid", "openid", send, methods=["GET"])
    app.add_url_rule("/login/openid/return", "openid_return", come_back, methods=["GET"])


def _who_came_back(server: Server, provider: Provider, sent: str, back: str) -> tuple[User, str]:
    """The user that the provider sends back, and where they wanted to go; `sent`: the state this browser left with.

    Raises OpenIDError.
    """
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not state or not code or not hmac.compare_digest(state.encode(), sent.encode()):
        raise OpenIDError(_("登入沒有完成,請重新登入"))
    name, next_ = provider.receive(state, code, back)
    user = server.settings.users.get(name) if server.settings.users else None
    if user is None:
        raise OpenIDError(_("「{name}」沒有這台伺服器的帳號,請洽管理人員").format(name=name))
    return user, next_


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
    inside = (
        address.isprintable()
        and address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and not parts.netloc
    )
    return address if inside and not parts.scheme and "\\" not in address else "/"
