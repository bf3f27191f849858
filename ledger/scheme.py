"""A programme's rules for one year, read from TOML: every number with its source and how sure we are of it.

A programme is added by writing one file, beside the shipped ones or beside a case (`schemes/ID.toml`).
"""

from __future__ import annotations

import functools
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from typing import Any
from typing import Generic
from typing import Literal
from typing import TypeVar
from typing import get_args

import pydantic

from ledger.accounts import CATEGORIES
from ledger.i18n import _
from ledger.settlement import CapBase
from ledger.share import Rounding

FOLDER = Path(__file__).parent / "schemes"

Confidence = Literal["seed", "statute", "sister programme", "assumed"]
Guarantee = Literal["none", "partial", "full"]
Moment = Literal["signing", "interim", "final", "progress"]

Share = Annotated[Decimal, pydantic.Field(ge=0, le=1)]
Count = Annotated[int, pydantic.Field(ge=0)]
Text = Annotated[str, pydantic.Field(min_length=1)]

T = TypeVar("T")


class SchemeError(Exception):
    """A scheme that cannot be used; the message names the file, the key and what is allowed."""


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Sourced(_Strict, Generic[T]):
    """A number of the programme, where it was read, and how sure that is."""

    value: T
    source: Text
    confidence: Confidence

    @property
    def is_assumed(self) -> bool:
        """Whether a finding that stands on this number has to say that it is assumed."""
        return self.confidence in {"assumed", "sister programme"}


class CategoryRule(_Strict):
    """What one category may carry: grant money or not, up to which share of the approved total."""

    grantable: Sourced[bool]
    cap: Sourced[Share] | None = None
    note: str = ""


class Instalment(_Strict):
    """One payment of the grant: when it falls due, and what share of the approved grant it is.

    Without a share the amount is not known beforehand (paid by progress or by the guarantee's amount).
    """

    when: Moment
    share: Decimal | None = pydantic.Field(default=None, gt=0, le=1)


class PayingOut(_Strict):
    """One of the ways of paying out a grant, by the guarantee that the company gives."""

    instalments: tuple[Instalment, ...] = pydantic.Field(min_length=1)
    guarantee: Decimal = pydantic.Field(ge=0, le=1, description="the guarantee as a share of the grant")
    source: Text
    confidence: Confidence

    @pydantic.field_validator("instalments")
    @classmethod
    def _shares_add_up(cls, instalments: tuple[Instalment, ...]) -> tuple[Instalment, ...]:
        total = sum((part.share for part in instalments if part.share is not None), Decimal(0))
        open_ended = any(part.share is None for part in instalments)
        if total > 1 or (total != 1 and not open_ended):
            raise ValueError(
                f"the shares add up to {total}; allowed: 1, or less where an instalment has none"
            )
        return instalments


class Evidence(_Strict):
    """A paper that has to be there when the case ends."""

    id: Text
    name: Text
    source: Text
    confidence: Confidence


class Coaching(_Strict):
    """A coaching case: a fixed fee and reports to deliver, no dedicated account and no vouchers."""

    government: Sourced[Count]
    self_funded: Sourced[Count]
    reports: tuple[Text, ...] = pydantic.Field(min_length=1)


class Scheme(_Strict):
    """The rules of one programme and year."""

    id: Text
    name: Text
    authority: Text
    year: int = pydantic.Field(ge=100, le=200, description="ROC year")
    subsidy_cap: Sourced[Count] | None = None
    subsidy_ratio: Sourced[Share]
    ratio_strict: Sourced[bool]
    period_months: Sourced[Count] | None = None
    cap_base: Sourced[CapBase]
    share_rounding: Sourced[Rounding]
    reallocation_threshold: Sourced[Share]
    payment_grace_months: Sourced[Count]
    person_months: Sourced[Count]
    withholding_rate: Sourced[Share]
    withholding_threshold: Sourced[Count]
    guarantee_grace_months: Sourced[Count]
    partners: Sourced[Count] | None = None
    categories: dict[str, CategoryRule] = {}
    paying_out: dict[Guarantee, PayingOut] = {}
    evidence: tuple[Evidence, ...] = ()
    coaching: Coaching | None = None

    @pydantic.field_validator("categories")
    @classmethod
    def _categories_known(cls, categories: dict[str, CategoryRule]) -> dict[str, CategoryRule]:
        unknown = sorted(set(categories) - set(CATEGORIES))
        if unknown:
            raise ValueError(f"unknown category {', '.join(unknown)}; allowed: {', '.join(CATEGORIES)}")
        return categories

    def may_carry_grant(self, category: str) -> bool:
        """Whether grant money may pay for the category."""
        rule = self.categories.get(category)
        return rule is not None and rule.grantable.value

    def cap(self, category: str) -> Sourced[Decimal] | None:
        """The category's cap as a share of the approved total, where it has one."""
        rule = self.categories.get(category)
        return rule.cap if rule else None


def scheme_ids() -> list[str]:
    """The ids of the schemes that the program ships."""
    return sorted(path.stem for path in FOLDER.glob("*.toml") if not path.stem.startswith("_"))


def load_scheme(scheme_id: str, folder: Path | None = None) -> Scheme:
    """The scheme named `scheme_id`: from `folder`/schemes where a case brings its own, else a shipped one.

    Raises SchemeError where there is none, or where its file breaks the form.
    """
    is_name = Path(scheme_id).name == scheme_id and not scheme_id.startswith("_")
    own = folder / "schemes" / f"{scheme_id}.toml" if folder and is_name else None
    if own is not None and own.is_file():
        return read_scheme(own)
    if not is_name or not (FOLDER / f"{scheme_id}.toml").is_file():
        allowed = _("、").join(scheme_ids())
        raise SchemeError(
            _("沒有「{id}」這個補助計畫別;可用的有:{allowed}").format(id=scheme_id, allowed=allowed)
        )
    return _shipped(scheme_id)


@functools.cache
def _shipped(scheme_id: str) -> Scheme:
    return read_scheme(FOLDER / f"{scheme_id}.toml")


def read_scheme(path: Path) -> Scheme:
    """The scheme in one TOML file. Raises SchemeError naming the file, the key and what is allowed."""
    try:
        common = tomllib.loads((FOLDER / "_common.toml").read_text(encoding="utf-8"), parse_float=Decimal)
        own = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SchemeError(f"{path.name}: {error}") from error
    try:
        scheme = Scheme.model_validate(common | own)
    except pydantic.ValidationError as error:
        raise SchemeError(validation_message(path.name, error, Scheme)) from error
    if scheme.id != path.stem:
        raise SchemeError(
            _("{file}: id: 應與檔名相同,寫成「{allowed}」").format(file=path.name, allowed=path.stem)
        )
    return scheme


def validation_message(
    name: str, error: pydantic.ValidationError, model: type[pydantic.BaseModel] | None = None
) -> str:
    """One line a mistake: file, key, what was wrong with it, and for an unknown key which ones there are."""
    lines = []
    for mistake in error.errors():
        key = ".".join(str(part) for part in mistake["loc"]) or "-"
        allowed = ""
        if mistake["type"] == "extra_forbidden" and model is not None:
            allowed = "; allowed: " + ", ".join(_keys(model, mistake["loc"][:-1]))
        lines.append(f"{name}: {key}: {mistake['msg']}{allowed}")
    return "\n".join(lines)


def _keys(model: Any, place: tuple[int | str, ...]) -> list[str]:
    """The keys that a model takes at a place inside it, as they are written in its file."""
    for part in place:
        fields = getattr(model, "model_fields", {})
        by_key = {field.alias or name: field for name, field in fields.items()}
        if part in by_key:
            model = _model_in(by_key[str(part)].annotation)
    fields = getattr(model, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


def _model_in(annotation: Any) -> Any:
    """The model that a field holds: itself, or inside a list, a mapping or an optional."""
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return annotation
    found = [_model_in(inner) for inner in get_args(annotation)]
    return next((model for model in reversed(found) if model is not None), None)
