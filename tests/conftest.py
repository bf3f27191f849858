"""Tests compare Chinese texts, whatever the machine speaks; a test in English says so itself."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import jinja2
import pytest
from hypothesis import settings

from cli.terminal.output import speak
from ledger.util.i18n import SOURCE_LANGUAGE
from tests.compiled_pages import CompiledPages

pytest.register_assert_rewrite("tests.cli.long_story")  # it asserts for the tests that tell it

# No example has a deadline: a test judges what comes out, and a slow machine is not a fault. A run that decides
# whether a change is taken in tries the same examples each time; others go on searching.
settings.register_profile("searching", deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None)


def pytest_configure() -> None:
    settings.load_profile("ci" if os.environ.get("CI") else "searching")
    os.environ["LANG"] = "C.UTF-8"  # for the programs that a test starts
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # begun in a shell's background: our servers would not hear
        signal.signal(signal.SIGINT, signal.default_int_handler)
    speak(SOURCE_LANGUAGE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts LibreOffice or asks every route as every role takes long, whichever test asks for it."""
    for item in items:
        if {"recalculate", "every_route"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the closed months of tests out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LOCALAPPDATA", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True, scope="session")
def compiled_once() -> Iterator[None]:
    """Compile each template once: nearly every test of a page makes a server of its own."""
    pages, make = CompiledPages(), jinja2.Environment.__init__

    def made(self: jinja2.Environment, *args: Any, **more: Any) -> None:
        make(self, *args, **more)
        self.bytecode_cache = self.bytecode_cache or pages

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jinja2.Environment, "__init__", made)
        yield


@pytest.fixture(autouse=True, scope="session")
def disk_not_waited_for() -> Iterator[None]:
    """Let no write wait for the disk: what a test wrote need not outlive a power cut, which no test can make.

    That a write asks for it, and what follows where the disk refuses, is tested where `os.fsync` is replaced.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _handle: None)
        yield


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Leave the process in Chinese."""
    yield
    speak(SOURCE_LANGUAGE)
