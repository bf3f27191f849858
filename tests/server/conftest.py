"""Served cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import argon2
import pytest

from server.access import users
from server.app import Server
from tests.server.house import Hashing
from tests.server.house import make_server
from tests.server.house import served_folder
from tests.server.house import users_file


@pytest.fixture(autouse=True, scope="session")
def hashing() -> Iterator[Hashing]:
    """How the program hashes; in tests it does so lightly, for they log in hundreds of times."""
    real = users._hasher
    light = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        shipped = Hashing(*map(argon2.extract_parameters, (real.hash("x"), users._NOBODY)))
        patch.setattr(users, "_hasher", light)
        patch.setattr(users, "_NOBODY", light.hash("x"))
        yield shipped


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two cases."""
    return served_folder(tmp_path / "cases")


@pytest.fixture
def local(folder: Path) -> Server:
    """The server of one's own machine."""
    return make_server(folder)


@pytest.fixture
def shared(folder: Path, tmp_path: Path) -> Iterator[Server]:
    """The server with users, and with its logs."""
    server = make_server(folder, users=users_file(tmp_path), logs=tmp_path / "logs")
    yield server
    server.logs.close()
