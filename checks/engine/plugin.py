"""The bridge to Beancount: a plugin module gives its findings as errors of the usual shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from checks.engine.as_loaded import remember
from checks.engine.catalogue import UNREADABLE
from checks.engine.finding import Finding
from checks.engine.finding import SettingsError
from checks.engine.runner import run_checks
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from ledger.case.case import Case
from ledger.loading.loader import CHECKS_PLUGIN
from ledger.loading.loader import plugins_stand_back
from ledger.model.directives import TYPES
from ledger.util.gc_pause import collector_at_rest
from ledger.util.i18n import _


class CheckError(NamedTuple):
    """A finding as Beancount and Fava show errors. `source` always names a file and a line."""

    source: dict[str, Any]
    message: str
    entry: data.Directive | None


def to_error(finding: Finding) -> CheckError:
    """A finding as an error; anything less than a file and a line blanks Fava or kills bean-check."""
    return CheckError(
        data.new_metadata(finding.file or "<case>", finding.line),
        f"[{finding.check}] {finding.message}",
        finding.entry,
    )


def few_of_each(errors: Iterable[Any], most: int) -> list[Any]:
    """Errors as they are told, of one check the first `most` and then one that says how many more there are."""
    seen: Counter[str] = Counter()
    kept: list[Any] = []
    left: dict[str, dict[str, Any]] = {}  # where the first that is not told stands
    for error in errors:
        name = error.message.partition("]")[0].removeprefix("[") if isinstance(error, CheckError) else ""
        seen[name] += 1
        if not name or seen[name] <= most:
            kept.append(error)
        else:
            left.setdefault(name, error.source)
    for name, source in left.items():
        message = _("同類的疑義還有 {count} 件,全部見查核頁的「檢查」").format(count=seen[name] - most)
        kept.append(CheckError(source, f"[{name}] {message}", None))
    return kept


def run_plugin(
    entries: list[data.Directive],
    options: dict[str, Any],
    config: str | None = None,
    family: str | None = None,
) -> tuple[list[data.Directive], list[CheckError]]:
    """Run the checks of one family, or all, over a ledger as it is loaded. The entries are never changed.

    Where the config cannot be followed, that is an error, and the checks run as without one.
    """
    if plugins_stand_back.get():
        return entries, []
    settings, wrong = (BY_DEFAULT, []) if config is None else _settings(config, options, family)
    if is_case(entries):
        with collector_at_rest():  # until the case is gone again, or the collector would walk all of it
            wrong += _found(entries, options.get("filename"), settings, family)
    return entries, [to_error(finding) for finding in wrong]


def _found(
    entries: list[data.Directive], top: str | None, settings: Settings, family: str | None
) -> list[Finding]:
    case = Case(entries, folder=Path(top).parent if top else None)
    if case.award is None and not case.problems:
        return []
    findings = run_checks(case, family=family, settings=settings)
    if family is None:
        remember(entries, case, findings, settings)
    return findings


def is_case(entries: Iterable[data.Directive]) -> bool:
    """Whether a ledger has any directive of ours; without one it is none of our business."""
    return any(isinstance(entry, data.Custom) and entry.type in TYPES for entry in entries)


def _settings(config: str, options: dict[str, Any], family: str | None) -> tuple[Settings, list[Finding]]:
    """The settings of a config; without effect, and with a finding, where it cannot be followed."""
    from checks.engine.settings import read_settings  # noqa: PLC0415 -- only a ledger with a config pays for it

    try:
        return read_settings(config, family), []
    except SettingsError as error:
        module = f"{CHECKS_PLUGIN}.{family}" if family else CHECKS_PLUGIN
        return BY_DEFAULT, [bad_config(options, module, str(error))]


def bad_config(options: dict[str, Any], module: str, reason: str) -> Finding:
    """The finding that a plugin's config cannot be followed, at the plugin's place."""
    from checks.engine.settings import plugin_line  # noqa: PLC0415 -- as above

    message = _('plugin "{module}" 的設定不能用,以預設檢查:{reason}').format(module=module, reason=reason)
    main = str(options.get("filename") or "")
    return Finding(UNREADABLE, "error", message, None, main, plugin_line(main, module))
