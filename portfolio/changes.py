"""What has changed in a portfolio since its index was made: which cases are to be read, and what is known of the others."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ledger.errors import GrantError
from ledger.util.i18n import _
from ledger.util.i18n import current_language
from portfolio.content import Content
from portfolio.content import Found
from portfolio.content import as_text
from portfolio.content import find_cases
from portfolio.facts import CaseFacts
from portfolio.facts import program
from portfolio.jobs import Job


class State(NamedTuple):
    """Of which content, program and day the index's facts and findings of a case are; see the table `index_state`."""

    facts_key: str
    findings_key: str
    stamp: str


class Changes(NamedTuple):
    """The cases that are there now: by their path, with what the index will say of each."""

    states: dict[str, State]
    stale: list[Job]
    refused: list[CaseFacts]  # cannot be looked into, each with its reason
    restamped: list[str]  # the same content in files that were written again


def changes(folder: Path, known: Mapping[str, State], day: datetime.date) -> Changes:
    """The cases below a folder against what the index knows. A case whose stamp is the same is not opened."""
    version = program()
    made = Changes({}, [], [], [])
    for case in find_cases(str(folder.absolute())):
        path = as_text(case.path)
        try:
            state = _state(case, known.get(path), version, day)
        except (OSError, GrantError) as error:
            made.refused.append(CaseFacts(path, str(error), {}))
            made.states[path] = State("", "", "")
            continue
        made.states[path] = state
        before = known.get(path)
        if before is None or before.findings_key != state.findings_key:
            made.stale.append((case.folder, path, day.isoformat(), current_language()))
        elif before.stamp != state.stamp:
            made.restamped.append(path)
    return made


def _state(case: Found, before: State | None, version: str, day: datetime.date) -> State:
    if as_text(case.path) != case.path:
        raise GrantError(_("資料夾的名稱不是 UTF-8,記不進索引;請改名"))
    content = Content(case.folder)
    stamp = content.stamp
    known = before.facts_key.partition(" ")[0] if before is not None and stamp == before.stamp != "" else ""
    digest = known or content.digest
    facts_key = f"{digest} {version}"
    return State(facts_key, f"{facts_key} {day.isoformat()}", stamp)
