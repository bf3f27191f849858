"""What a check says of itself, part by part: its docstring is the one place where rule and remedy are written.

A docstring has a first line, then 說明 (what is found), 規定與出處 (the rule, its source, 可信度: how sure that is),
如何改正 (what puts it right), an example that fails and one that passes.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable
from typing import Any
from typing import NamedTuple

from checks.engine.catalogue import all_checks
from ledger.schemes.model import Confidence
from ledger.util.docstrings import in_language
from ledger.util.docstrings import is_snippet
from ledger.util.docstrings import paragraphs
from ledger.util.i18n import SOURCE_LANGUAGE
from ledger.util.i18n import current_language

_CONFIDENCE = re.compile(r"可信度:([^()]*)")
_NAMES: dict[str, Confidence] = {
    "簡報原文": "seed",
    "法規": "statute",
    "姊妹計畫": "sister programme",
    "推定": "assumed",
}


class Example(NamedTuple):
    """An example ledger, and what its heading says of it."""

    heading: str
    ledger: str


class Explanation(NamedTuple):
    """A check's docstring in the language in use, each part on one line."""

    summary: str
    finds: str
    rule: str  # with its source and how sure it is
    confidences: tuple[Confidence, ...]  # of the rule, in the order in which it names them
    remedy: str
    examples: tuple[Example, ...]


def explanation(name: str) -> Explanation | None:
    """What the check of this name says of itself; None for a name that is no check."""
    return _explained(name, current_language()) if name in all_checks() else None


@functools.cache
def _explained(name: str, _language: str) -> Explanation:
    source = all_checks()[name].documentation
    spoken = paragraphs(in_language(source))
    summary, finds, rule, remedy = (on_one_line(part) for part in spoken[:4])
    rest = spoken[4:]
    return Explanation(
        summary=summary,
        finds=_without_heading(finds),
        rule=_without_heading(rule),
        confidences=_confidences(paragraphs(source)[2]),
        remedy=_without_heading(remedy),
        examples=tuple(
            Example(on_one_line(heading).removesuffix(":"), ledger)
            for heading, ledger in itertools.pairwise(rest)
            if is_snippet(ledger)
        ),
    )


def rules_json(names: Iterable[str]) -> dict[str, Any]:
    """For each check named: its first line, its rule with the source and how sure that is, and the remedy."""
    said = {name: explanation(name) for name in names}
    return {
        name: {
            "summary": one.summary,
            "rule": one.rule,
            "confidence": list(one.confidences),
            "remedy": one.remedy,
        }
        for name, one in said.items()
        if one is not None
    }


def _without_heading(part: str) -> str:
    text = part.partition(":")[2].strip()
    return text[:1].upper() + text[1:]


def _confidences(rule: str) -> tuple[Confidence, ...]:
    named = (name for told in _CONFIDENCE.findall(rule) for name in _NAMES if name in told)
    return tuple(dict.fromkeys(_NAMES[name] for name in named))


def on_one_line(text: str) -> str:
    """A paragraph without its line breaks; in Chinese a blank stands only between two Latin words."""
    parts = [part.strip() for part in text.splitlines()]
    if current_language() != SOURCE_LANGUAGE:
        return " ".join(parts)
    line = parts[0]
    for part in parts[1:]:
        both_latin = line[-1:].isascii() and line[-1:].isalnum() and part[:1].isascii()
        line += f" {part}" if both_latin else part
    return line
