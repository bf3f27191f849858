"""Templates to HTML: every text escaped, in the language asked for, with links made in one place."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from markupsafe import Markup

from audit import labels as audit_labels
from audit.web.manual import manual
from checks.analysis.wording import waived
from ledger.model.error_types import ERROR_TYPES
from ledger.model.records import place_of
from ledger.schemes.categories import category_name
from ledger.util import i18n
from reports import labels

FAVA_FILTERS = ("time", "account", "filter")  # the fields at the head of Fava's pages
FILTERED_TABS = frozenset({"vouchers", "audit", "account"})  # whose lists follow them
_OF_ONCE = frozenset({"partial", "filed"})  # what an address says of one answer and not of the page

FOLDER = Path(__file__).parents[1] / "templates"


class Links:
    """The addresses that a page points at: its own tabs, Fava's editor, the endpoints."""

    def __init__(
        self,
        base: str,
        editor: str,
        endpoint: str,
        asked: Mapping[str, Sequence[str]] | None = None,
        folder: Path | None = None,
    ) -> None:
        """`base` is the page's address without parameters, `endpoint` the stem of ours, `asked` the parameters.

        `editor` is Fava's editor; "" where it is closed, and the text of `folder` is shown on a page of ours.
        """
        self._folder = folder
        self._base, self._editor, self._endpoint = base, editor, endpoint
        self._asked = {name: list(values) for name, values in (asked or {}).items() if name not in _OF_ONCE}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the reader chose for all pages, as names and values: the day, and Fava's own filters."""
        return [(name, self._asked[name][0]) for name in ("as_of", *FAVA_FILTERS) if self.is_asked(name)]

    @property
    def filtered(self) -> list[str]:
        """What stands in Fava's own filters."""
        return [self._asked[name][0] for name in FAVA_FILTERS if self.is_asked(name)]

    def is_asked(self, name: str) -> bool:
        """Whether the reader chose this parameter."""
        return bool(self._asked.get(name, [""])[0])

    def others(self, *names: str) -> list[tuple[str, str]]:
        """What was asked for but these, as names and values: what a form for one of them carries along."""
        return [
            (name, value)
            for name, values in self._asked.items()
            if name not in names
            for value in values
            if value
        ]

    def to(self, tab: str, **params: object) -> str:
        """A tab of the page; parameters without a value are left out. What was chosen for all pages is kept."""
        return self._with(self._base, {"tab": tab, **dict(self.kept)} | params)

    def here(self, **changes: object) -> str:
        """This very page with some parameters changed."""
        return self._with(self._base, {**self._asked, **changes})

    def source(self, entry: Any) -> str:
        """The place of an entry or a finding in Fava's editor, or on the page that shows the text alone."""
        at = _stands(entry)
        if not self._editor and self._folder is not None:
            return self.to("source", file=_below(self._folder, at.file), line=at.line)
        return self._with(self._editor, {"file_path": at.file, "line": at.line})

    def endpoint(self, name: str, **params: object) -> str:
        """One of the extension's endpoints."""
        return self._with(self._endpoint + name, params)

    @staticmethod
    def _with(address: str, params: Mapping[str, object]) -> str:
        given = {name: value for name, value in params.items() if value not in (None, "", [], ())}
        text = urlencode(given, doseq=True, errors="surrogateescape")  # a name of a file need not be text
        return address + ("&" if "?" in address else "?") + text if text else address


_INDENT = re.compile(r"^[ \t]+(?=</?(?:td|th|tr|option)\b)", re.MULTILINE)


def render(template: str, links: Links, **values: object) -> Markup:
    """A page as HTML, in the language that is spoken."""
    return markup(_environment().get_template(template).render(links=links, **values))


def markup(text: str) -> Markup:
    """What a template gave, every value in it escaped by its environment; bytes of a file's name that are no text as `?`."""
    return Markup(text.encode("utf-8", "replace").decode("utf-8"))  # noqa: S704 -- as said


@functools.cache
def _environment() -> jinja2.Environment:
    return make_environment((FOLDER,), style())


class _Templates(jinja2.FileSystemLoader):
    """The templates, with no white space before the cells of a table and what may be chosen: fifty rows have a lot."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """A template's text."""
        source, name, fresh = super().get_source(environment, template)
        return _INDENT.sub("", source), name, fresh


def make_environment(folders: Sequence[Path], sheet: bytes) -> jinja2.Environment:
    """Templates from these folders, the first one's before the next one's; `sheet` is the pages' style sheet."""
    environment = jinja2.Environment(
        loader=_Templates(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = money
    environment.filters["change"] = change
    environment.filters["place"] = place
    environment.filters["ident"] = id
    environment.globals["_"] = i18n._
    environment.globals["audit_labels"] = audit_labels
    environment.globals["labels"] = labels
    environment.globals["error_types"] = ERROR_TYPES
    environment.globals["filtered_tabs"] = FILTERED_TABS
    environment.globals["waiver_note"] = waived
    environment.globals["category_name"] = category_name
    environment.globals["manual"] = manual
    environment.globals["style_mark"] = hashlib.sha256(sheet).hexdigest()[:12]
    return environment


def style() -> bytes:
    """The pages' style sheet; its mark in the address is another where it is."""
    return (FOLDER / "audit.css").read_bytes()


def money(amount: int | None) -> str:
    """`1,234`; nothing for None."""
    return "" if amount is None else f"{amount:,}"


def change(amount: int) -> str:
    """`+1,234` or `-1,234`; nothing for no change."""
    return f"{amount:+,}" if amount else ""


def place(entry: Any) -> str:
    """`2023-08.beancount:12`: where an entry or a finding stands."""
    at = _stands(entry)
    return f"{Path(at.file).name}:{at.line}"


def _below(folder: Path, file: str) -> str:
    """A file's name as seen from the case's folder."""
    path = Path(file)
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _stands(entry: Any) -> Any:
    """The file and the line of an entry; a finding has them itself."""
    return place_of(entry) if hasattr(entry, "meta") else entry
