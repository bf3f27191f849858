"""What kills the process in which Beancount reads it, found before it is read.

Beancount's parser is written in C and ends with a segmentation fault (3.2.3) where arithmetic in an amount fails: a
division by zero (`50/0 TWD`), a product beyond all size. No error, no message, no exit status of ours. So the arithmetic
of a file in which that may stand is worked out here first, on the tokens of Beancount's own lexer, which works out nothing.
"""

from __future__ import annotations

import decimal
import itertools
import re
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data
from beancount.parser import parser

from ledger.errors import GrantError
from ledger.loading.source_text import Token
from ledger.loading.source_text import tokens_of
from ledger.util.i18n import _

_DIVISION = re.compile(
    rb"/[ \t\r]*(?:[-+(]|0[0,.]*(?![\d,.]))"
)  # by nothing, or by what has to be worked out
_LONG_PRODUCT = re.compile(
    rb"(?:\*[-+( \t\r]*[\d,.]+[) \t\r]*){100}"
)  # may grow beyond what a decimal can be
_PRODUCT = re.compile(rb"\*[ \t\r]*[-+(\d]")
_ARITHMETIC = frozenset({"NUMBER", "PLUS", "MINUS", "ASTERISK", "SLASH", "LPAREN", "RPAREN"})
_DEEPEST = 200  # parentheses and signs in one another


class FatalTextError(GrantError):
    """A text that is not parsed; the message says in which line and why."""


def parse_text(text: str, path: str) -> tuple[list[data.Directive], list[Any], dict[str, Any]]:
    """The entries, errors and options of a text that was read apart from the books, by Beancount's parser.

    Raises FatalTextError where that would end the process.
    """
    fatal = fatal_of(text.encode("utf-8", "surrogatepass"))
    if fatal is not None:
        raise FatalTextError(
            _("{file} 第 {line} 行讀不懂:{reason}").format(file=path, line=fatal.line, reason=fatal.reason)
        )
    return parser.parse_string(text, report_filename=path)


def fatal_in(files: Mapping[Path, bytes]) -> tuple[Path, Fatal] | None:
    """The first file that would end the process that reads it, and where."""
    for path, content in files.items():
        fatal = fatal_of(content)
        if fatal is not None:
            return path, fatal
    return None


class Fatal(NamedTuple):
    """Where reading a file would end the process: the line, and whether it is a division by zero."""

    line: int
    by_zero: bool

    @property
    def reason(self) -> str:
        """What it is."""
        return _("除以零") if self.by_zero else _("算式看不懂,或數字太長")


def fatal_of(content: bytes) -> Fatal | None:
    """The first arithmetic in a file that ends Beancount's parser, which is written in C (3.2.3), with a crash.

    A division by nothing (`50/0 TWD`) and a product beyond all size do. Arithmetic that cannot be followed counts too.
    """
    if not (_DIVISION.search(content) or (_PRODUCT.search(content) and _LONG_PRODUCT.search(content))):
        return None
    run: list[Token] = []
    for token in itertools.chain(tokens_of(content), [Token("EOL", 0, None)]):
        if token.kind in _ARITHMETIC:
            run.append(token)
            continue
        if run and (found := _fatal_run(run)) is not None:
            return found
        run = []
    return None


def _fatal_run(run: Sequence[Token]) -> Fatal | None:
    kinds = {token.kind for token in run}
    if "NUMBER" not in kinds or kinds.isdisjoint({"SLASH", "ASTERISK"}):
        return None
    try:
        _Arithmetic(run).work_out()
    except (decimal.DivisionByZero, decimal.InvalidOperation):
        return Fatal(run[0].line, by_zero=True)
    except (decimal.DecimalException, _UnclearError):
        return Fatal(run[0].line, by_zero=False)
    return None


class _UnclearError(Exception):
    """Arithmetic that cannot be followed."""


class _Arithmetic:
    """Works out a run of numbers and signs as Beancount's grammar does: signs bind most, then `*` `/`, then `+` `-`."""

    def __init__(self, run: Sequence[Token]) -> None:
        self._run = run
        self._at = 0
        self._depth = 0

    def work_out(self) -> None:
        """Every expression of the run, one after another."""
        while self._at < len(self._run):
            self._sum()

    def _kind(self) -> str:
        return self._run[self._at].kind if self._at < len(self._run) else ""

    def _sum(self) -> Decimal:
        value = self._product()
        while (sign := self._kind()) in {"PLUS", "MINUS"}:
            self._at += 1
            other = self._product()
            value = value + other if sign == "PLUS" else value - other
        return value

    def _product(self) -> Decimal:
        value = self._signed()
        while (sign := self._kind()) in {"ASTERISK", "SLASH"}:
            self._at += 1
            other = self._signed()
            value = value * other if sign == "ASTERISK" else value / other
        return value

    def _signed(self) -> Decimal:
        self._depth += 1
        kind = self._kind()
        self._at += 1
        if self._depth > _DEEPEST or kind not in {"NUMBER", "MINUS", "PLUS", "LPAREN"}:
            raise _UnclearError
        if kind == "NUMBER":
            number = self._run[self._at - 1].value
            if not isinstance(number, Decimal):
                raise _UnclearError
            value = number
        elif kind == "LPAREN":
            value = self._sum()
            if self._kind() != "RPAREN":
                raise _UnclearError
            self._at += 1
        else:
            value = -self._signed() if kind == "MINUS" else self._signed()
        self._depth -= 1
        return value
