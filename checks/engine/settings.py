"""Which checks run and how bad their findings are: the plugin's config, and the command line on top of it.

    plugin "checks" "{'ignore': ['document-missing'], 'severity': {'seller-id-invalid': 'error'}}"

The config is a Python literal, as other Beancount plugins take theirs. `select` and `ignore` hold names of checks or
of families, `severity` says "error" or "warning" by such a name. `books-unreadable` always runs and is always an
error: while the books cannot be read, no other silence means anything.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from typing import NamedTuple
from typing import get_args

from checks.engine.catalogue import FAMILIES
from checks.engine.catalogue import UNREADABLE
from checks.engine.catalogue import catalogue
from checks.engine.catalogue import families_of_checks
from checks.engine.catalogue import portfolio_catalogue
from checks.engine.finding import PORTFOLIO
from checks.engine.finding import SettingsError
from checks.engine.finding import Severity
from checks.engine.finding import UnknownCheckError
from ledger.loading.loader import CHECKS_PLUGIN
from ledger.util.i18n import _

_KEYS = ("select", "ignore", "severity")
_HARSHEST = {"error": 1, "warning": 0}


class Settings(NamedTuple):
    """Which checks do not run, and the severity of those whose own does not hold."""

    off: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = MappingProxyType({})


BY_DEFAULT = Settings()


def read_settings(config: str | None, family: str | None = None) -> Settings:
    """The settings in a plugin's config; of one family's plugin the names have to be that family's.

    Raises SettingsError for what is no literal, an unknown key, check or severity, and for an attempt to silence
    `books-unreadable`.
    """
    if config is None or not config.strip():
        return Settings()
    value = _literal(config)
    unknown = sorted(str(key) for key in value if key not in _KEYS)
    if unknown:
        message = _("沒有「{unknown}」這個設定;可用的有:{allowed}")
        raise SettingsError(message.format(unknown=_("、").join(unknown), allowed=_("、").join(_KEYS)))
    names = {key: _names(value, key, family) for key in ("select", "ignore")}
    if UNREADABLE in names["ignore"]:
        raise SettingsError(_("{check} 不能略過").format(check=UNREADABLE))
    return chosen(Settings(severity=_severity(value.get("severity", {}), family)), **names)


def _literal(config: str) -> dict[Any, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(config.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise SettingsError(_("設定不是 Python 的字典寫法:{reason}").format(reason=error)) from None
    if not isinstance(value, dict):
        raise SettingsError(
            _("設定要寫成字典,例如 {example}").format(example="{'ignore': ['document-missing']}")
        )
    return value


def _names(value: Mapping[Any, Any], key: str, family: str | None) -> list[str]:
    """The names under a key: a list of them, or one alone."""
    names = value.get(key, [])
    if isinstance(names, str):
        names = [names]
    if not isinstance(names, list | tuple | set) or not all(isinstance(name, str) for name in names):
        raise SettingsError(_("{key} 要是名稱的清單").format(key=key))
    if key == "select" and key in value and not names:
        raise SettingsError(_("select 是空的,什麼都不會檢查"))
    refuse_unknown(names, family)
    return sorted(names)


def _severity(value: object, family: str | None) -> dict[str, Severity]:
    """The severity by check; a check's own name counts before its family's."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise SettingsError(
            _("severity 要寫成字典,例如 {example}").format(example="{'document-missing': 'error'}")
        )
    refuse_unknown(value, family)
    levels: dict[str, Severity] = {}
    for name, level in sorted(value.items(), key=lambda named: named[0] not in {*FAMILIES, PORTFOLIO}):
        if level not in get_args(Severity):
            message = _("{check} 的輕重「{level}」不是 error 或 warning")
            raise SettingsError(message.format(check=name, level=level))
        if name == UNREADABLE:
            raise SettingsError(_("{check} 一定是錯誤,不能改變輕重").format(check=UNREADABLE))
        wanted: Severity = "error" if level == "error" else "warning"
        levels |= dict.fromkeys(_resolved([name]) - {UNREADABLE}, wanted)
    return levels


def refuse_unknown(names: Collection[str], family: str | None = None) -> None:
    """Raise UnknownCheckError where a name is neither a check nor a family, or is of another family."""
    own = {name for name, families in families_of_checks().items() if family is None or family in families}
    known = own | ({*FAMILIES, PORTFOLIO} if family is None else {family})
    unknown = sorted(set(names) - known)
    if unknown:
        message = _("沒有這項檢查:{names};相近的有:{near}")
        near = _("、").join(near_names(unknown[0], known))
        raise UnknownCheckError(message.format(names=_("、").join(unknown), near=near))


def near_names(name: str, known: Collection[str], limit: int = 3) -> list[str]:
    """The known names that resemble `name`, the nearest first."""
    from rapidfuzz import process  # noqa: PLC0415 -- only a misspelt name pays for it

    return [match[0] for match in process.extract(name, sorted(known), limit=limit)]


def _resolved(names: Iterable[str]) -> frozenset[str]:
    """The checks that names of checks and families stand for."""
    wanted = set(names)
    return frozenset(name for name, families in families_of_checks().items() if wanted & {name, *families})


def chosen(settings: Settings, select: Collection[str] = (), ignore: Collection[str] = ()) -> Settings:
    """The settings with a choice on top. A selection takes the place of an earlier one and of what that ignored.

    `books-unreadable` runs whatever is selected; only its own name switches it off.
    """
    off = frozenset(families_of_checks()) - _resolved(select) if select else settings.off
    off = (off | _resolved(ignore)) - {UNREADABLE}
    return settings._replace(off=off | ({UNREADABLE} & set(ignore)))


def settings_in_force(plugins: Iterable[tuple[str, str | None]]) -> tuple[Settings, list[tuple[str, str]]]:
    """What all plugin lines of a ledger come to, and (plugin, message) of those that cannot be followed.

    A check is off only where every line that covers it leaves it out, and takes the harshest severity of them: as
    in Fava, where each line adds its errors.
    """
    lines: list[tuple[str | None, Settings]] = []
    wrong: list[tuple[str, str]] = []
    for module, config in plugins:
        head, _dot, family = module.partition(".")
        if head != CHECKS_PLUGIN or (family and family not in FAMILIES):
            continue
        try:
            lines.append((family or None, read_settings(config, family or None)))
        except SettingsError as error:
            wrong.append((module, str(error)))
            lines.append((family or None, Settings()))
    return _merged(lines), wrong


def _merged(lines: list[tuple[str | None, Settings]]) -> Settings:
    off: set[str] = set()
    severity: dict[str, Severity] = {}
    own_severity = {name: check.severity for name, check in (portfolio_catalogue() | catalogue()).items()}
    for name, families in families_of_checks().items():
        covering = [settings for family, settings in lines if family is None or family in families]
        running = [settings for settings in covering if name not in settings.off]
        if covering and not running:
            off.add(name)
        levels = [settings.severity.get(name, own_severity[name]) for settings in running or covering]
        if any(name in settings.severity for settings in running or covering):
            severity[name] = max(levels, key=_HARSHEST.__getitem__)
    return Settings(frozenset(off), severity)


def told(settings: Settings, select: Collection[str] = (), ignore: Collection[str] = ()) -> list[str]:
    """What a case's settings and the choice of the moment keep from being seen, a line each: no silence is silent."""
    lines = []
    if select:
        lines.append(_("本次只檢查:{names}").format(names=_("、").join(select)))
    elif settings.off:
        lines.append(_("本案設定不檢查:{names}").format(names=_("、").join(_in_short(settings.off))))
    if ignore:
        lines.append(_("本次不檢查:{names}").format(names=_("、").join(ignore)))
    levels = {"error": _("錯誤"), "warning": _("提醒")}
    if settings.severity:
        changed = [
            _("{check} 為{level}").format(check=name, level=levels[level])
            for name, level in settings.severity.items()
        ]
        lines.append(_("本案設定輕重:{changed}").format(changed=_("、").join(changed)))
    return lines


def _in_short(off: frozenset[str]) -> list[str]:
    """The names of checks, those of whole families by the family's name."""
    short, told = [], {UNREADABLE}
    families = families_of_checks()
    for family in (*FAMILIES, PORTFOLIO):
        own = {name for name, its in families.items() if family in its} - {UNREADABLE}
        short += [family] if own and own <= off else sorted((own & off) - told)
        told |= own & off
    return short + sorted({UNREADABLE} & off)


def plugin_line(filename: str, module: str) -> int:
    """The line of a file on which a plugin is asked for; 1 where that cannot be told."""
    try:
        text = Path(filename).read_bytes()
    except OSError:
        return 1
    found = re.search(rb'^[ \t]*plugin[ \t]+"%b"' % re.escape(module.encode()), text, re.MULTILINE)
    return text[: found.start()].count(b"\n") + 1 if found else 1
