"""The program's words: Traditional Chinese in the source, other languages in one gettext catalogue.

`_("…")` gives the message in the language in use. Placeholders are named: `_("…{number}…").format(number=n)`.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "grantledger"
FOLDER = Path(__file__).parent / "messages"
SOURCE_LANGUAGE = "zh_TW"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = SOURCE_LANGUAGE


def use_language(language: str) -> None:
    """Speak `language` from now on: `zh_TW` or `en`; anything unknown falls back to Chinese."""
    global _catalogue, _language  # noqa: PLW0603 -- one process speaks one language at a time
    _language = "en" if language.lower().startswith("en") else SOURCE_LANGUAGE
    _catalogue = gettext.translation(DOMAIN, FOLDER, languages=[_language], fallback=True)


def current_language() -> str:
    """`zh_TW` or `en`."""
    return _language


def language_of_environment() -> str:
    """English where `LANG` begins with `en`, Chinese otherwise."""
    return "en" if os.environ.get("LANG", "").lower().startswith("en") else SOURCE_LANGUAGE


def _(message: str) -> str:
    """`message` in the language in use."""
    return _catalogue.gettext(message)
