"""A small served folder of cases, its users, and clients that are logged in."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any
from typing import NamedTuple

import argon2

from audit.web.person import ROLES
from server.access.users import User
from server.access.users import UsersFile
from server.access.users import add_access
from server.access.users import write_users
from server.app import Server
from server.app import Settings
from server.cases import Cases
from tests.audit.house import make_case

PASSWORD = "correct horse 電池"  # noqa: S105 -- of users that are nobody
TOKEN = "the-printed-token"  # noqa: S105
HOST = "localhost"


class Hashing(NamedTuple):
    """How the program hashes: the parameters of a user's password, and of the one that nobody has."""

    of_users: argon2.Parameters
    of_nobody: argon2.Parameters


def served_folder(place: Path) -> Path:
    """Two cases, one of them a year below."""
    make_case(place / "甲案")
    make_case(place / "112" / "乙案")
    return place


@functools.cache
def _hashed() -> User:
    """One user, hashed once for all: hashing is slow, as it should be."""
    return add_access({}, "x", "viewer", ["-"], PASSWORD)["x"]


def users_file(place: Path) -> UsersFile:
    """A user of each role for 甲案, and one for another case."""
    users = [
        _hashed().model_copy(
            update={
                "name": role,
                "access": add_access({"x": _hashed()}, "x", role, ["甲*"], None)["x"].access[1:],
            }
        )
        for role in ROLES
    ]
    other = add_access({"x": _hashed()}, "x", "auditor", ["112/*"], None)["x"]
    users.append(other.model_copy(update={"name": "other", "access": other.access[1:]}))
    write_users(place / "users.toml", users)
    return UsersFile(place / "users.toml")


def make_server(folder: Path, *, users: UsersFile | None = None, **more: Any) -> Server:
    """A server over a folder; without users it is opened by TOKEN."""
    settings = Settings(
        Cases([folder]), (HOST, "127.0.0.1"), token="" if users else TOKEN, users=users, **more
    )
    return Server(settings)


def client_of(server: Server, name: str | None = None) -> Any:
    """A client that is not logged in; or logged in as a user, or as the holder of the address (`""`)."""
    client = server.app.test_client()
    if name is None:
        return client
    if name:
        user = server.settings.users.get(name) if server.settings.users else None
        assert user is not None
        log_in = server.log_ins.enter(user.name, user.password_hash)  # the form is slow, and tested by itself
    else:
        log_in = server.log_ins.enter("")
    with client.session_transaction() as session:
        session["_user_id"] = log_in.id
        session["_fresh"] = True
    return client
