"""The program's words: Traditional Chinese in the source, other languages in one gettext catalogue.

`_("…")` gives the message in the language in use. Placeholders are named: `_("…{number}…").format(number=n)`.
`N_("…")` only marks a message, of a table made before the language is known; `_(…)` it where it is shown.
"""

from __future__ import annotations

import contextlib
import functools
import gettext
import os
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

DOMAIN = "grantledger"
FOLDER = Path(__file__).parents[1] / "messages"
SOURCE_LANGUAGE = "zh_TW"

# Of the thread or task that speaks, so that two requests in two languages do not disturb each other; empty: not
# chosen yet, so the environment's.
_language: ContextVar[str] = ContextVar("language", default="")


def use_language(language: str) -> None:
    """Speak `language` from now on in this thread: `zh_TW` or `en`; anything unknown falls back to Chinese."""
    _language.set(_known(language))


@contextlib.contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Speak `language` for as long as this lasts: English where it begins with `en`, Chinese otherwise."""
    before = _language.set(_known(language or ""))
    try:
        yield
    finally:
        _language.reset(before)


@contextlib.contextmanager
def in_source_language() -> Iterator[None]:
    """Speak Chinese inside: what is written to the books is the same whatever the user's language."""
    with speaking(SOURCE_LANGUAGE):
        yield


def current_language() -> str:
    """`zh_TW` or `en`."""
    return _language.get() or language_of_environment()


def _known(language: str) -> str:
    return "en" if language.lower().startswith("en") else SOURCE_LANGUAGE


def language_of_environment() -> str:
    """English where `LANG` begins with `en`, Chinese otherwise."""
    return "en" if os.environ.get("LANG", "").lower().startswith("en") else SOURCE_LANGUAGE


def _(message: str) -> str:
    """`message` in the language in use."""
    return _catalogue(current_language()).gettext(message) if message else message


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == SOURCE_LANGUAGE:  # has no catalogue to look for
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, languages=[language], fallback=True)


def N_(message: str) -> str:  # noqa: N802 -- what gettext calls it
    """`message` itself, marked for the catalogue."""
    return message
