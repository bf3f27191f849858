"""Served cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.app import Server
from tests.server.house import make_server
from tests.server.house import served_folder
from tests.server.house import users_file


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
