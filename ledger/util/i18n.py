"""The program's words: Traditional Chinese in the source, other languages in one gettext catalogue.

`_("…")` gives the message in the language in use. Placeholders are named: `_("…{number}…").format(number=n)`.
`N_("…")` only marks a message, of a table made before the language is known; `_(…)` it where it is shown.
"""

from __future__ import annotations

import contextlib
import gettext
import os
from collections.abc import Iterator
from pathlib import Path

DOMAIN = "grantledger"
FOLDER = Path(__file__).parents[1] / "messages"
SOURCE_LANGUAGE = "zh_TW"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = ""  # not asked for yet: the environment's


def use_language(language: str) -> None:
    """Speak `language` from now on: `zh_TW` or `en`; anything unknown falls back to Chinese."""
    global _catalogue, _language  # noqa: PLW0603 -- one process speaks one language at a time
    _language = "en" if language.lower().startswith("en") else SOURCE_LANGUAGE
    _catalogue = gettext.translation(DOMAIN, FOLDER, languages=[_language], fallback=True)


@contextlib.contextmanager
def in_source_language() -> Iterator[None]:
    """Speak Chinese inside: what is written to the books is the same whatever language is asked for."""
    spoken = current_language()
    use_language(SOURCE_LANGUAGE)
    try:
        yield
    finally:
        use_language(spoken)


def current_language() -> str:
    """`zh_TW` or `en`."""
    if not _language:
        use_language(language_of_environment())
    return _language


def language_of_environment() -> str:
    """English where `LANG` begins with `en`, Chinese otherwise."""
    return "en" if os.environ.get("LANG", "").lower().startswith("en") else SOURCE_LANGUAGE


def _(message: str) -> str:
    """`message` in the language in use."""
    current_language()
    return _catalogue.gettext(message) if message else message


def N_(message: str) -> str:  # noqa: N802 -- what gettext calls it
    """`message` itself, marked for the catalogue."""
    return message
