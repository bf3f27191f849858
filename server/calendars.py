"""The address under which a calendar program fetches a case's deadlines: it cannot log in, so the address itself lets in.

It is signed with what only the server knows of a user, the hash of the password: it outlives the server, opens nothing
but these deadlines, and ends with the password or with the role. The signature is a parameter, which no log keeps.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from typing import TYPE_CHECKING

from flask import Flask
from flask import Response
from flask import abort
from flask import request
from flask import url_for

from desk.deadlines import CONTENT_TYPE
from desk.deadlines import calendar_of
from ledger.loading.loader import load_case
from server.cases import ServedCase

if TYPE_CHECKING:
    from server.app import Server


def add_routes(app: Flask, server: Server) -> None:
    """`/grant/calendar/NAME/KEY.ics?mark=…`."""

    def show(name: str, key: str) -> Response:
        case = server.settings.cases.get(key)
        given = request.args.get("mark", "")
        mark = _mark(server, name, case) if case is not None else ""
        if case is None or not mark or not hmac.compare_digest(mark.encode(), given.encode()):
            return abort(404)
        with server.settings.cases.held(key):
            loaded = load_case(case.folder, datetime.date.today())
        return Response(calendar_of(loaded.case), content_type=CONTENT_TYPE)

    app.add_url_rule("/grant/calendar/<name>/<key>.ics", "calendar", show, methods=["GET"])


def address_of(server: Server, name: str, case: ServedCase) -> str:
    """The address for a user and a case; empty where nobody logs in with a password."""
    mark = _mark(server, name, case)
    return url_for("calendar", name=name, key=case.key, mark=mark, _external=True) if mark else ""


def _mark(server: Server, name: str, case: ServedCase) -> str:
    """What proves that an address was made here; empty for who is no user with a password, or has no role."""
    user = server.settings.users.get(name) if server.settings.users else None
    if user is None or not user.password_hash or not user.roles(case):
        return ""
    said = f"calendar\0{name}\0{case.name}".encode()
    return hmac.new(user.password_hash.encode(), said, hashlib.sha256).hexdigest()
