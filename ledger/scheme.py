"""A programme's rules for one year, read from TOML: every number with its source and how sure we are of it.

A programme is added by writing one file, beside the shipped ones or beside a case (`schemes/ID.toml`).
"""

from __future__ import annotations

import functools
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Generic
from typing import Literal
from typing import TypeVar

import pydantic

from ledger.accounts import CATEGORIES
from ledger.i18n import _
from ledger.settlement import CapBase
from ledger.share import Rounding

FOLDER = Path(__file__).parent / "schemes"

Confidence = Literal["seed", "statute", "sister programme", "assumed"]
Guarantee = Literal["none", "partial", "full"]
Moment = Literal["signing", "interim", "final", "progress"]

T = TypeVar("T")


class SchemeError(Exception):
    """A scheme that cannot be used; the message names the file, the key and what is allowed."""


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Sourced(_Strict, Generic[T]):
    """A number of the programme, where it was read, and how sure that is."""

    value: T
    source: str = pydantic.Field(min_length=1)
    confidence: Confidence

    @property
    def is_assumed(self) -> bool:
        """Whether a finding that stands on this number has to say that it is assumed."""
        return self.confidence in {"assumed", "sister programme"}


class CategoryRule(_Strict):
    """What one category may carry: grant money or not, up to which share of the approved total."""

    grantable: Sourced[bool]
    cap: Sourced[Decimal] | None = None
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
    source: str
    confidence: Confidence


class Evidence(_Strict):
    """A paper that has to be there when the case ends."""

    id: str
    name: str
    source: str
    confidence: Confidence


class Coaching(_Strict):
    """A coaching case: a fixed fee and reports to deliver, no dedicated account and no vouchers."""

    government: Sourced[int]
    self_funded: Sourced[int]
    reports: tuple[str, ...]


class Scheme(_Strict):
    """The rules of one programme and year."""

    id: str
    name: str
    authority: str
    year: int = pydantic.Field(ge=100, le=200, description="ROC year")
    subsidy_cap: Sourced[int] | None = None
    subsidy_ratio: Sourced[Decimal]
    ratio_strict: Sourced[bool]
    period_months: Sourced[int] | None = None
    cap_base: Sourced[CapBase]
    share_rounding: Sourced[Rounding]
    reallocation_threshold: Sourced[Decimal]
    payment_grace_months: Sourced[int]
    person_months: Sourced[int]
    withholding_rate: Sourced[Decimal]
    withholding_threshold: Sourced[int]
    guarantee_grace_months: Sourced[int]
    partners: Sourced[int] | None = None
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
    own = folder / "schemes" / f"{scheme_id}.toml" if folder else None
    if own is not None and own.is_file():
        return read_scheme(own)
    shipped = FOLDER / f"{scheme_id}.toml"
    if Path(scheme_id).name != scheme_id or not shipped.is_file():
        allowed = "、".join(scheme_ids())
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
        return Scheme.model_validate(common | own)
    except pydantic.ValidationError as error:
        raise SchemeError(validation_message(path.name, error)) from error


def validation_message(name: str, error: pydantic.ValidationError) -> str:
    """One line a mistake: file, key, what was wrong with it."""
    lines = []
    for mistake in error.errors():
        key = ".".join(str(part) for part in mistake["loc"]) or "-"
        lines.append(f"{name}: {key}: {mistake['msg']}")
    return "\n".join(lines)
