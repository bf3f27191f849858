"""The server running before a browser."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cheroot import wsgi

from server.app import Server
from server.app import Settings
from server.cases import Cases
from tests.server.house import TOKEN


@contextlib.contextmanager
def running(app: Any) -> Iterator[int]:
    """An application on a free port of this machine."""
    server = wsgi.Server(("127.0.0.1", 0), app)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield int(server.bind_addr[1])
    finally:
        server.stop()
        thread.join(5)


@contextlib.contextmanager
def opened(driver: Any, place: Path, **more: Any) -> Iterator[str]:
    """The server on a folder or a case, and the browser past its door; the address of the server."""
    server = Server(Settings(Cases([place], may_be_empty=True), ("127.0.0.1",), token=TOKEN, **more))
    with running(server.app) as port:
        base = f"http://127.0.0.1:{port}"
        driver.get(f"{base}/?token={TOKEN}")
        try:
            yield base
        finally:
            driver.get("about:blank")
            driver.get_log("browser")
