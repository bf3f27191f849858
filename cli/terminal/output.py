"""What the commands share: language, JSON, tables, progress, and saying that something could not be done."""

from __future__ import annotations

import contextlib
import datetime
import errno
import gettext
import itertools
import os
import re
import sys
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from decimal import InvalidOperation
from pathlib import Path
from typing import Any
from typing import NoReturn
from typing import TextIO
from typing import TypeVar
from typing import cast

import click

from ledger.errors import GrantError
from ledger.util.docstrings import in_language
from ledger.util.i18n import FOLDER
from ledger.util.i18n import _
from ledger.util.i18n import current_language
from ledger.util.i18n import language_of_environment
from ledger.util.i18n import use_language
from ledger.util.text import one_line

_CLICK = "click"  # the catalogue of the library's own words
# What steers a terminal, but our own styles (plain, bold, dim, slanted), line ends and tabs; what turns the direction
# of writing; bytes of a file's name that are no text.
_STEERING = re.compile(
    r"(\x1b\[(?:[0-3](?:;[0-3])*)?m|\r\n)|"
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_PAGE_WIDTH = 140  # of tables that go to a file
F = TypeVar("F", bound=Callable[..., Any])


def plain(text: str) -> str:
    """The text with what would steer a terminal written out by its code, which inside JSON is the same string."""
    if text.isprintable():
        return text
    return _STEERING.sub(lambda found: found[1] or f"\\u{ord(found[0]):04x}", text)


class _PlainStream:
    """A text stream that writes plain text; all else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write it; gives its length, as a stream does."""
        self._stream.write(plain(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def plain_output() -> Iterator[None]:
    """Write plain text to standard output while the block runs.

    Names of files, narrations and messages about them are a stranger's. A terminal obeys control sequences in them: one
    moves up a line and writes "no errors" over what was found, another names the window, a third hides what follows.
    """
    before = sys.stdout
    if isinstance(before, _PlainStream):
        yield
        return
    sys.stdout = cast("TextIO", _PlainStream(before))
    try:
        yield
    finally:
        sys.stdout = before


class _Spoken:
    """What has a help text, shown in the language in use."""

    _source: str | None = None

    def _shown(self) -> str | None:
        return in_language(self._source) if self._source else self._source

    def _keep(self, text: str | None) -> None:
        self._source = text

    help = property(_shown, _keep)


class Option(_Spoken, click.Option):
    """An option that speaks the language in use."""


class Command(_Spoken, click.Command):
    """A command that speaks the language in use; one that opens a case takes `--trust`."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        """As click does."""
        super().__init__(*arguments, **attributes)
        if any(isinstance(each, click.Argument) and "CASE" in (each.metavar or "") for each in self.params):
            self.params.append(_trust_option())

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, whose own text is click's."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("顯示這份說明")
        return option

    def invoke(self, ctx: click.Context) -> Any:
        """As click does. What could not be done is told in a line, and the exit status is 2: here, for every command."""
        try:
            with plain_output():
                return super().invoke(ctx)
        except GrantError as error:
            fail(error)
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output has gone: click's to handle
                raise
            from ledger.files.disk_errors import in_words

            fail(in_words(error))


class Group(Command, click.Group):
    """A group of commands, itself one."""

    command_class = Command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; `--lang` counts wherever it stands, even behind a command's `--help`."""
        for name, value in itertools.pairwise(args):
            if name == "--lang":
                speak(value)
        return super().parse_args(ctx, args)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """`click.command` for a command that speaks the language in use."""
    return click.command(name, cls=Command)


def group(name: str) -> Callable[[Callable[..., Any]], click.Group]:
    """`click.group` likewise."""
    return click.group(name, cls=Group)


def option(*names: str, **attributes: Any) -> Callable[[F], F]:
    """`click.option` likewise."""
    return click.option(*names, cls=Option, **attributes)


def _set_language(_context: click.Context, _option: click.Parameter, language: str | None) -> None:
    if language:
        speak(language)


def speak(language: str) -> None:
    """Speak it, and let click: its own words are looked up by the standard library, which asks the environment."""
    use_language(language)
    gettext.bindtextdomain(_CLICK, str(FOLDER))
    gettext.textdomain(_CLICK)
    os.environ["LANGUAGE"] = current_language()


def start() -> None:
    """Speak the environment's language, and UTF-8 on every console."""
    speak(language_of_environment())
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")


def _trust(context: click.Context, _option: click.Parameter, trusted: bool) -> None:
    if trusted:
        from ledger.loading.safe_folder import trusting

        context.with_resource(trusting())


def _trust_option() -> Option:
    """`--trust`: open a case whatever it holds, this once."""
    return Option(
        ["--trust"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_trust,
        help="即使案件裡有程式或連結也開啟(只限這一次;請先確定來源可信)",
    )


language_option = option(
    "--lang",
    type=click.Choice(["zh_TW", "zh", "en"]),
    expose_value=False,
    is_eager=True,
    callback=_set_language,
    help="zh_TW(預設)或 en",
)
json_option = option("--json", "as_json", is_flag=True, help="輸出 JSON")


class _Day(click.ParamType[datetime.date]):
    """A day in either calendar."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """The day. Fails for what is none."""
        from ledger.util.dates import typed_date

        try:
            return value if isinstance(value, datetime.date) else typed_date(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


date_type = _Day()


class _CalledInWords:
    """What click calls by a name, said in the language in use, not in that of the moment the type was made."""

    def _called(self) -> str:
        raise NotImplementedError

    def _forget(self, text: str) -> None:
        """Forget the word that click found when it made the type."""

    name = property(lambda self: self._called(), _forget)


class PathType(_CalledInWords, click.Path):
    """A path."""

    def __init__(self, **attributes: Any) -> None:
        """As click does, giving a `pathlib.Path`."""
        super().__init__(path_type=Path, **attributes)

    def _called(self) -> str:
        if self.file_okay and self.dir_okay:
            return _("路徑")
        return _("檔案") if self.file_okay else _("資料夾")


path_type = PathType()


class WholeType(_CalledInWords, click.IntRange):
    """A whole number."""

    def _called(self) -> str:
        return _("整數")


class AmountType(WholeType):
    """An amount of whole NT$, written as a person writes it: with separators, full width, with NT$ or 元."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The amount as an int. Fails for what is no whole amount, or beyond the range."""
        from ledger.util.text import whole_dollars

        amount = value if isinstance(value, int) else whole_dollars(str(value))
        if amount is None:
            self.fail(_("要填整數金額(新臺幣元),不是「{value}」").format(value=value), param, ctx)
        return super().convert(amount, param, ctx)


class _Percent(click.ParamType[Decimal]):
    """A decimal number of percent, kept exact."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The number. Fails for what is none."""
        try:
            number = Decimal(str(value).strip().removesuffix("%"))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            self.fail(_("「{value}」不是數字").format(value=value), param, ctx)
        return number


percent_type = _Percent()


def as_of_option(command: F) -> F:
    """`--as-of DATE`: what "today" is."""
    return option("--as-of", type=date_type, help="以這一天為「今天」")(command)


def fail(message: object) -> NoReturn:
    """Say in one line why nothing could be done, and exit with 2."""
    click.echo(plain(str(message)), err=True)
    raise SystemExit(2)


def warn(message: str) -> None:
    """One line beside what is printed, whatever stands in the names that it tells."""
    click.echo(plain(one_line(message)), err=True)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int] = ()
) -> None:
    """A table; the columns in `numbers` are set to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(money(cell) if isinstance(cell, int) else str(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else _PAGE_WIDTH).print(table)


def money(amount: int) -> str:
    """NT$ with thousands separators."""
    return f"{amount:,}"
