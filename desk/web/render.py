"""The desk's templates to HTML: its own before the auditor's, whose macros and colours it shares."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2
from markupsafe import Markup

from audit.web import render as audit_render
from audit.web.render import Links
from checks.engine.waivers import is_never_waived
from desk import labels as desk_labels
from desk.acts.answer import value_of
from desk.pages.vouchers import STATES
from desk.plain import plain

FOLDER = Path(__file__).parents[1] / "templates"


def render(template: str, links: Links, **values: object) -> Markup:
    """A page as HTML, in the language that is spoken."""
    return audit_render.markup(_environment().get_template(template).render(links=links, **values))


@functools.cache
def _environment() -> jinja2.Environment:
    environment = audit_render.make_environment((FOLDER, audit_render.FOLDER), style())
    environment.globals["desk_labels"] = desk_labels
    environment.globals["plain"] = plain
    environment.globals["voucher_states"] = STATES
    environment.globals["choice_value"] = value_of
    environment.globals["may_claim"] = lambda check: not is_never_waived(check)
    return environment


def style() -> bytes:
    """The pages' style sheet: the auditor's, and what the desk adds."""
    own = (FOLDER / name for name in ("desk.css", "inbox.css"))
    return audit_render.style() + b"".join(file.read_bytes() for file in own)
