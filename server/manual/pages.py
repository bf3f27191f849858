"""The manual's Markdown to HTML: headings that can be linked to, links that lead to the pages that are served."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from flask import abort
from flask import render_template
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from audit.web.manual import PLACE
from audit.web.manual import anchor_of
from audit.web.manual import manual
from ledger.util.i18n import N_

TITLES = {
    "accountant": N_("會計人員手冊"),
    "auditor": N_("查核人員手冊"),
    "unit": N_("執行單位手冊"),
    "formats": N_("匯入格式"),
    "arithmetic": N_("結算算式"),
    "security": N_("權限與登入"),
    "portfolio": N_("許多案件的索引"),
}
_SHIPPED = Path(__file__).parent / "docs"  # pyproject.toml puts them there
_CHECKOUT = Path(__file__).parents[2] / "docs"
_TO_PAGE = re.compile(r"([a-z-]+)\.md(#.*)?")


class ManualPage(NamedTuple):
    """A page: its HTML, and the headings of its sections with their ids."""

    html: Markup
    sections: tuple[tuple[str, str], ...]


def add_routes(app: Flask) -> None:
    """`/grant/manual/…`, for everybody who is logged in."""
    app.jinja_env.globals["manual"] = manual
    app.add_url_rule(f"{PLACE}<page>", "manual", _show, methods=["GET"])


def _show(page: str) -> str:
    if page not in TITLES:
        return abort(404)
    return render_template("manual.html", page=manual_page(page), name=page, titles=TITLES)


@functools.cache
def manual_page(name: str) -> ManualPage:
    """A page of the manual, one of `TITLES`; HTML in the Markdown is shown as text."""
    folder = _SHIPPED if _SHIPPED.is_dir() else _CHECKOUT
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse((folder / f"{name}.md").read_text(encoding="utf-8"))
    sections = []
    for token, inline in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and inline is not None:
            heading = "".join(part.content for part in inline.children or ())
            token.attrSet("id", anchor_of(heading))
            if token.tag == "h2":
                sections.append((anchor_of(heading), heading))
        for part in token.children or ():
            _lead(part)
    html = parser.renderer.render(tokens, parser.options, {})
    for wide in (
        "<pre>",
        "<table>",
    ):  # wider than the screen, it is scrolled with the keys; of ours alone: text is escaped
        html = html.replace(wide, f'{wide[:-1]} tabindex="0">')
    return ManualPage(Markup(html), tuple(sections))  # noqa: S704 -- made of our own pages, HTML in them escaped


def _lead(part: Token) -> None:
    """Let a link to a page that is served lead there."""
    found = _TO_PAGE.fullmatch(str(part.attrGet("href") or "")) if part.type == "link_open" else None
    if found and found[1] in TITLES:
        part.attrSet("href", manual(found[1]) + (found[2] or ""))
