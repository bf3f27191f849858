"""The files of the schemes: those that the program ships, and those that a case brings.

A programme is added by writing one TOML file, beside the shipped ones or beside a case (`schemes/ID.toml`). The
shipped files are known to be right; a user's own is held against the form, which tells what is wrong with it.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from ledger.schemes.categories import make_known
from ledger.schemes.model import CategoryRule
from ledger.schemes.model import Coaching
from ledger.schemes.model import Instalment
from ledger.schemes.model import PayingOut
from ledger.schemes.model import Recovery
from ledger.schemes.model import RequiredEvidence
from ledger.schemes.model import Scheme
from ledger.schemes.model import SchemeError
from ledger.schemes.model import Sourced
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.toml_file import TomlError
from ledger.util.toml_file import read_toml

if TYPE_CHECKING:
    import pydantic

FOLDER = Path(__file__).parent
OWN = "(自訂)"  # after the name of a scheme that a user brought


def scheme_ids() -> list[str]:
    """The ids of the schemes that the program ships."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("_"))


def scheme_id_of(said: str, folder: Path | None = None) -> str:
    """The id of the scheme that is meant by its id or its Chinese name, or by a part of the name that only it has.

    What fits none, or several, is given back as it is said. Schemes that a case brings in `folder` have ids only.
    """
    ids = scheme_ids()
    if said in ids or (folder and (folder / "schemes" / f"{said}.toml").is_file()):
        return said
    wanted = fold(said)
    names = {scheme_id: fold(_shipped(scheme_id).name) for scheme_id in ids} if wanted else {}
    exact = [scheme_id for scheme_id, name in names.items() if name == wanted]
    close = exact or [scheme_id for scheme_id, name in names.items() if wanted in name]
    return close[0] if len(close) == 1 else said


def load_scheme(scheme_id: str, folder: Path | None = None) -> Scheme:
    """The scheme named `scheme_id`: from `folder`/schemes where a case brings its own, else a shipped one.

    Raises SchemeError where there is none, or where its file breaks the form.
    """
    is_name = Path(scheme_id).name == scheme_id and not scheme_id.startswith("_")
    is_shipped = is_name and (FOLDER / f"{scheme_id}.toml").is_file()
    own = folder / "schemes" / f"{scheme_id}.toml" if folder and is_name else None
    if own is not None and own.is_file():
        if is_shipped:
            raise SchemeError(
                _("schemes/{id}.toml 與內建的補助計畫別同名;自訂的請改用別的名稱").format(id=scheme_id)
            )
        return read_scheme(own)
    if not is_shipped:
        allowed = _("、").join(f"{each}({_shipped(each).name})" for each in scheme_ids())
        raise SchemeError(
            _("沒有「{id}」這個補助計畫別;可用的有:{allowed}").format(id=scheme_id, allowed=allowed)
        )
    return _shipped(scheme_id)


def read_scheme(path: Path) -> Scheme:
    """The scheme in a user's own file, which its name says. Raises SchemeError as `scheme_of`."""
    scheme = scheme_of(path.name, _tables(path))
    make_known(scheme.own_categories)
    return scheme if scheme.name.endswith(OWN) else dataclasses.replace(scheme, name=scheme.name + OWN)


@functools.cache
def know_shipped_categories() -> None:
    """Let the categories of every shipped scheme be known, before it is known which one a paper is about."""
    for scheme_id in scheme_ids():
        _shipped(scheme_id)


def scheme_of(file: str, tables: dict[str, Any]) -> Scheme:
    """The scheme in the tables of a file. Raises SchemeError naming the file, the key and what is allowed."""
    import pydantic  # noqa: PLC0415 -- only a case with its own scheme pays for it

    from ledger.util.validation import validation_message  # noqa: PLC0415 -- as above

    try:
        scheme = _validator().validate_python(tables)
    except pydantic.ValidationError as error:
        raise SchemeError(validation_message(file, error, Scheme)) from error
    expected = file.removesuffix(".toml")
    if scheme.id != expected:
        raise SchemeError(_("{file}: id: 應與檔名相同,寫成「{allowed}」").format(file=file, allowed=expected))
    return scheme


@functools.cache
def _validator() -> pydantic.TypeAdapter[Scheme]:
    import pydantic  # noqa: PLC0415 -- as in `scheme_of`

    return pydantic.TypeAdapter(Scheme)


@functools.cache
def _shipped(scheme_id: str) -> Scheme:
    scheme = _scheme(_tables(FOLDER / f"{scheme_id}.toml"))
    make_known(scheme.own_categories)
    return scheme


def _tables(path: Path) -> dict[str, Any]:
    """The tables of one scheme's file, with what holds for every scheme. Raises SchemeError for no TOML."""
    try:
        common, own = read_toml(FOLDER / "_common.toml"), read_toml(path)
    except (OSError, TomlError) as error:
        raise SchemeError(f"{path.name}: {error}") from error
    brought = own.get("evidence", [])
    if not isinstance(brought, list) or not all(
        isinstance(paper, dict) and "id" in paper for paper in brought
    ):
        raise SchemeError(_("{file}: evidence 要寫成 [[evidence]],各有 id").format(file=path.name))
    papers = {paper["id"] for paper in brought}
    shared = [paper for paper in common["evidence"] if _is_asked(paper, own) and paper["id"] not in papers]
    merged: dict[str, Any] = common | own | {"evidence": [*brought, *shared]}
    for key in ("pay_parts", "income", "recovery"):
        merged[key] = _filled_in(own.get(key, {}), common[key])
    return merged


def _filled_in(own: Any, common: dict[str, Any]) -> Any:
    """A table of tables of a scheme's own, with what it leaves out; a number is one with its source."""
    if not isinstance(own, dict):
        return own
    found = common | own
    for key, table in common.items():
        if isinstance(own.get(key), dict) and "value" not in table:
            found[key] = table | own[key]
    return found


def _is_asked(paper: dict[str, Any], own: dict[str, Any]) -> bool:
    """Whether a paper of every scheme concerns this one: coaching asks for none, and a category has to be there."""
    if "coaching" in own:
        return False
    rules = own.get("categories", {})
    kinds = [rule["kind"] for rule in rules.values() if isinstance(rule, dict) and "kind" in rule]
    return paper.get("category", "") in {"", *rules, *kinds}


def _scheme(table: dict[str, Any]) -> Scheme:
    """The scheme in the tables of a file that is known to be right."""
    parts: dict[str, Any] = {
        "categories": {name: _category(rule) for name, rule in _within(table, "categories")},
        "paying_out": {name: _paying_out(way) for name, way in _within(table, "paying_out")},
        "recovery": {kind: Recovery(**_numbers(terms)) for kind, terms in _within(table, "recovery")},
        "income": _numbers(table.get("income", {})),
        "evidence": tuple(_evidence(paper) for paper in table.get("evidence", ())),
        "pay_parts": {name: Sourced(**rule) for name, rule in _within(table, "pay_parts")},
    }
    if "coaching" in table:
        fee = _numbers(table["coaching"])
        parts["coaching"] = Coaching(**fee | {"reports": tuple(fee["reports"])})
    for key in ("one_case_of", "payers"):
        if key in table:
            parts[key] = Sourced(**table[key] | {"value": tuple(table[key]["value"])})
    return Scheme(**_numbers({key: value for key, value in table.items() if key not in parts}), **parts)


def _within(table: dict[str, Any], key: str) -> list[tuple[str, dict[str, Any]]]:
    return list(table.get(key, {}).items())


def _numbers(table: dict[str, Any]) -> dict[str, Any]:
    """A table with its sourced numbers made."""
    return {key: Sourced(**value) if isinstance(value, dict) else value for key, value in table.items()}


def _category(rule: dict[str, Any]) -> CategoryRule:
    return CategoryRule(**_numbers(rule) | {"aliases": tuple(rule.get("aliases", ()))})


def _evidence(paper: dict[str, Any]) -> RequiredEvidence:
    return RequiredEvidence(**paper | {"voucher_kinds": tuple(paper.get("voucher_kinds", ()))})


def _paying_out(way: dict[str, Any]) -> PayingOut:
    return PayingOut(**way | {"instalments": tuple(Instalment(**part) for part in way["instalments"])})
