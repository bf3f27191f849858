"""The fields of the page 新案件: which rows and columns it shows for a draft, and what may be chosen in them."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from importers.templates.award_draft import AwardDraft
from importers.templates.award_form import CHOICES
from importers.templates.award_form import HEAD
from importers.templates.award_form import LISTS
from importers.templates.award_form import FormField
from importers.templates.award_form import ListSheet
from importers.templates.award_form import value_of
from importers.templates.award_form import word_of
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.categories import category_name
from ledger.schemes.categories import form_order
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import scheme_id_of
from ledger.schemes.loader import scheme_ids
from ledger.schemes.model import Scheme
from ledger.schemes.model import SchemeError
from ledger.util.i18n import _
from ledger.util.text import whole_number
from server.new_case.folder import suggested_name

_FEWEST = {"item": 3, "person": 2, "payment_account": 1, "partner": 1, "funding": 1, "evidence": 1}
_MOST_MORE = 200


class FieldShown(NamedTuple):
    """One field: its name on the page, its name in the draft (for what is wrong with it), its text and its choices."""

    name: str
    at: str
    field: FormField
    text: str
    choices: tuple[tuple[str, str], ...] = ()


class ListShown(NamedTuple):
    """One list: its columns, its rows of fields, and whether rows can be added."""

    key: str
    title: str
    columns: tuple[FormField, ...]
    rows: tuple[tuple[FieldShown, ...], ...]
    note: str = ""
    grows: bool = True


class AwardPage(NamedTuple):
    """All that the page shows. `place` is which of the `places` (served folders) the case is made in."""

    sections: tuple[tuple[str, tuple[FieldShown, ...]], ...]
    lists: tuple[ListShown, ...]
    places: tuple[str, ...]
    place: int = 0
    folder_name: str = ""
    folder_problem: str = ""
    problem: str = ""
    source: str = ""
    is_judged: bool = False


def page_of(draft: AwardDraft, places: Sequence[Path], asked: Mapping[str, str] | None = None) -> AwardPage:
    """The page of a draft; `asked` are the fields of the form that was sent, with how many rows there are."""
    said = asked or {}
    scheme = _scheme_of(draft)
    lists = [_list(form, draft, scheme, said) for form in LISTS if _is_shown(form, draft, scheme)]
    return AwardPage(
        _sections(draft),
        tuple(lists),
        tuple(path.name or str(path) for path in places),
        max(whole_number(said.get("place", "")) or 0, 0),
        said.get("folder", "").strip() or suggested_name(draft),
    )


def names_of(page: AwardPage) -> dict[str, str]:
    """The names of the page's fields by those of the draft, for what is wrong to lead there."""
    shown = [field for _title_, fields in page.sections for field in fields]
    shown += [field for each in page.lists for row in each.rows for field in row]
    return {field.at: field.name for field in shown if field.at}


def _scheme_of(draft: AwardDraft) -> Scheme | None:
    try:
        return load_scheme(scheme_id_of(draft.text("award.scheme"))) if draft.text("award.scheme") else None
    except SchemeError:
        return None


def _sections(draft: AwardDraft) -> tuple[tuple[str, tuple[FieldShown, ...]], ...]:
    titles = {"award": _("核定"), "company": _("公司"), "account": _("補助款專戶")}
    return tuple(
        (
            title,
            tuple(
                FieldShown(
                    field.path,
                    field.path,
                    field,
                    draft.text(field.path),
                    _choices(field, draft.text(field.path)),
                )
                for field in HEAD
                if field.path.partition(".")[0] == section
            ),
        )
        for section, title in titles.items()
    )


def _is_shown(form: ListSheet, draft: AwardDraft, scheme: Scheme | None) -> bool:
    return form.key != "partner" or bool(draft.rows("partner")) or _has_partners(scheme)


def _has_partners(scheme: Scheme | None) -> bool:
    return scheme is not None and scheme.partners is not None


def _list(form: ListSheet, draft: AwardDraft, scheme: Scheme | None, said: Mapping[str, str]) -> ListShown:
    has_party = _has_partners(scheme) or any("party" in row for row in draft.rows(form.key))
    columns = tuple(field for field in form.fields if field.path != "party" or has_party)
    texts = [{path: cell.text for path, cell in row.items()} for row in draft.rows(form.key)]
    places: list[int | None] = list(range(len(texts)))
    if form.key == "budget":
        texts, places = _budget(texts, scheme)
    more = _rows_wanted(form.key, len(texts), said)
    texts += [{} for _more in range(more)]
    places += [None] * more
    rows = tuple(
        tuple(
            FieldShown(
                f"{form.key}.{number}.{field.path}",
                "" if place is None else f"{form.key}.{place}.{field.path}",
                field,
                _shown(field, row.get(field.path, "")),
                _choices(field, _shown(field, row.get(field.path, "")), scheme),
            )
            for field in columns
        )
        for number, (row, place) in enumerate(zip(texts, places, strict=True))
    )
    return ListShown(form.key, _title(form), columns, rows, _note(form.key))


def _budget(
    texts: list[dict[str, str]], scheme: Scheme | None
) -> tuple[list[dict[str, str]], list[int | None]]:
    """The rows of the budget, and one for every other category of the scheme, in the order of its form."""
    told = [(value_of("category", row.get("category", "")) or "", place) for place, row in enumerate(texts)]
    known = list(scheme.categories) if scheme else list(CATEGORIES)
    categories = known or list(CATEGORIES)
    missing = [category for category in categories if category not in {name for name, _place in told}]
    rows: list[tuple[tuple[str, str], dict[str, str], int | None]] = [
        (form_order(name) if name else ("zz", ""), texts[place], place) for name, place in told
    ]
    rows += [
        (form_order(category), {"category": word_of("category", category)}, None) for category in missing
    ]
    rows.sort(key=lambda row: row[0])
    return [row for _order, row, _place in rows], [place for _order, _row, place in rows]


def _rows_wanted(key: str, shown: int, said: Mapping[str, str]) -> int:
    """How many empty rows follow those that are filled in."""
    rows = min(whole_number(said.get(f"rows.{key}", "")) or 0, shown + _MOST_MORE)
    if said.get("do") == f"more:{key}":
        rows = max(rows, shown) + 1
    return max(rows, _FEWEST.get(key, 0), shown) - shown


def _shown(field: FormField, text: str) -> str:
    """A text as its choice has it, where it means one of them."""
    if not text:
        return ""
    value = value_of(field.what, text) if field.what in {"category", *CHOICES} else None
    return text if value is None else word_of(field.what, value)


def _choices(field: FormField, text: str, scheme: Scheme | None = None) -> tuple[tuple[str, str], ...]:
    """(value, label) of what may be chosen; a text that is none of them stays among them, to be seen and mended."""
    found: list[tuple[str, str]] = []
    if field.what == "scheme":
        found = [(name, load_scheme(name).name) for name in scheme_ids()]
        text = scheme_id_of(text)
    elif field.what == "category":
        names = dict.fromkeys([*(scheme.categories if scheme else ()), *CATEGORIES])
        found = [(word_of("category", name), category_name(name)) for name in sorted(names, key=form_order)]
    else:
        found = [(word, _(word)) for word in CHOICES.get(field.what, ())]
    if found and text and text not in dict(found):
        found.append((text, text))
    return tuple(found)


def _title(form: ListSheet) -> str:
    return {
        "budget": _("預算(依會計科目)"),
        "item": _("品項"),
        "person": _("人員"),
        "payment_account": _("公司付款帳戶"),
        "partner": _("合作廠商"),
        "funding": _("其他經費來源"),
        "evidence": _("這個案件另外要附的文件"),
    }[form.key]


def _note(key: str) -> str:
    return {
        "budget": _("金額以元為單位;沒有編列的科目留空。"),
        "item": _("品名須與核定計畫書一字不差。"),
        "person": _("計畫人月可寫小數,例如 3.6。"),
        "payment_account": _("公司平常付款給廠商的銀行帳戶;有它的明細才能自動對到付款。"),
        "partner": _("以大帶小計畫的合作廠商;預算、品項、人員屬於合作廠商的,要填它的統一編號。"),
        "funding": _("其他機關或單位對同一計畫的補助;沒有就留空。"),
        "evidence": _("補助計畫本來就要的文件不用填;里程碑(簽約、期中查核通過…)在建立後的「核定」頁登記。"),
    }.get(key, "")
