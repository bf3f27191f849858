"""What a MIG element says: its children by local name, their texts, dates, amounts, parties and items."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

from importers.records import ReadError
from importers.records import VoucherItem
from importers.vouchers.values import company_number
from importers.vouchers.values import money
from importers.vouchers.values import plain
from ledger.util.dates import parse_date
from ledger.util.i18n import _

Fields = Mapping[str, Element]
_ITEM_TAGS = ("ProductItem", "InvoiceItem")


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def fields_of(element: Element) -> Fields:
    """The element's children by local name; the parser has left comments out.

    Of children that stand there twice and differ, asking for one raises ReadError: neither may win without a word.
    """
    fields = {child.tag.rpartition("}")[2]: child for child in element}
    return fields if len(fields) == len(element) else _Repeated(element)


class _Repeated(dict[str, Element]):
    """Children by name where some names stand there more than once."""

    def __init__(self, element: Element) -> None:
        super().__init__()
        self._differing: set[str] = set()
        for child in element:
            name = local_name(child)
            if name in self and _content(child) != _content(super().__getitem__(name)):
                self._differing.add(name)
            self.setdefault(name, child)

    def __getitem__(self, name: str) -> Element:
        if name in self._differing:
            raise ReadError(_("元素 {name} 出現一次以上,內容不同").format(name=name))
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As of any dict, but for names that stand there twice."""
        if name in self._differing:
            return self[name]  # which raises
        return super().get(name, default)


def _content(element: Element) -> bytes:
    return etree.tostring(element, method="c14n", with_tail=False)


def text_of(fields: Fields, *names: str) -> str:
    """The text of the first of `names` that says anything."""
    for name in names:
        element = fields.get(name)
        if element is not None and element.text:
            return element.text.strip()
    return ""


def need_text(fields: Fields, name: str) -> str:
    """The text of the child `name`. Raises ReadError where it is missing or empty."""
    text = text_of(fields, name)
    if not text:
        raise ReadError(_("缺少元素 {name}").format(name=name))
    return text


def need_day(fields: Fields, name: str) -> datetime.date:
    """The date in the child `name`. Raises ReadError where there is none."""
    text = need_text(fields, name)
    day = parse_date(text)
    if day is None:
        raise ReadError(_("元素 {name} 不是日期: {text}").format(name=name, text=plain(text)[:40]))
    return day


def decimal_of(fields: Fields, name: str) -> Decimal | None:
    """The number in the child `name`, None where it is missing. Raises ReadError where it is no number."""
    text = text_of(fields, name)
    try:
        return money(text)
    except ValueError:
        raise ReadError(_("元素 {name} 不是金額: {text}").format(name=name, text=plain(text)[:40])) from None


def need_decimal(fields: Fields, name: str) -> Decimal:
    """The number in the child `name`. Raises ReadError also where it is missing."""
    amount = decimal_of(fields, name)
    if amount is None:
        raise ReadError(_("缺少元素 {name}").format(name=name))
    return amount


def party_of(main: Fields, role: str) -> tuple[str, str]:
    """Number and name of the seller or buyer; flat in E0502/E0503, and in some issuers' files misnamed."""
    block = main.get(role)
    inside = fields_of(block) if block is not None else {}
    number = text_of(inside, "Identifier") or text_of(main, f"{role}Id", f"{role}Identifier")
    name = text_of(inside, "Name") or text_of(main, f"{role}Name")
    return company_number(number), plain(name)


def item_of(element: Element, description: str, warnings: list[str]) -> VoucherItem:
    """A line of the voucher; `description` is the element with its 品名."""
    fields = fields_of(element)
    return VoucherItem(
        name=plain(text_of(fields, description)),
        quantity=_figure(fields, "Quantity", warnings),
        unit=plain(text_of(fields, "Unit")),
        amount=_figure(fields, "Amount", warnings),
    )


def _figure(fields: Fields, name: str, warnings: list[str]) -> Decimal | None:
    """An item's figure; told and left out where it cannot be read, for the header is what is booked."""
    try:
        return decimal_of(fields, name)
    except ReadError as error:
        warnings.append(_("明細: {reason}").format(reason=error))
        return None


def item_elements(root: Element, blocks: Fields) -> list[Element]:
    """The lines of a message: whatever its Details hold, for some issuers misname ProductItem."""
    if "Details" in blocks:
        return [line for child in root if local_name(child) == "Details" for line in child]
    return [child for child in root if local_name(child) in _ITEM_TAGS]
