"""Checks of cost against the approved budget and its items."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from typing import NamedTuple

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import Basis
from checks.analysis.basis import original_vouchers
from checks.analysis.basis import spending_basis
from checks.analysis.net_vouchers import net_originals
from checks.analysis.net_vouchers import taken_back_wholly
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.case import VoucherLine
from ledger.model.award import Award
from ledger.model.award import Budget
from ledger.model.award import Item
from ledger.model.award import Key
from ledger.model.records import INCOME
from ledger.schemes.categories import category_name
from ledger.schemes.categories import kind_of
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import is_code
from ledger.util.text import item_key

__plugins__ = ("plugin",)

_NEAR = 55  # below this a name resembles nothing approved
_SHOWN = 3


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="budget")


@check("budget-overrun")
def budget_overrun(case: Case) -> Iterator[Found]:
    """科目的累計成本超過核定預算。

    說明:某科目認列的未稅成本累計超過生效的核定總額(補助款加自籌款)。指出使累計數超過的那張憑證與超過的金額。

    規定與出處:經費支出應依核定經費表;超支不得要求增加撥付(海洋委員會補助契約書第 7 條;可信度:姊妹計畫)。

    如何改正:超過的部分由業者自行負擔,以 grant correct 調整 claimed;或先辦理流用變更,核准後以 grant revise 登錄。

    不合的例子(設備核定 1,200,000 元,已列 1,150,000 元):

        Expenses:2業者自籌款:02全新設備之購置費   100000 TWD

    合格的例子:

        Expenses:2業者自籌款:02全新設備之購置費   50000 TWD
        Expenses:9不予認列:02全新設備之購置費     50000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    over = {
        key: accepted
        for key, (accepted, _disallowed) in case.cost().items()
        if key in terms.budget and accepted > terms.budget[key].total  # else category-unknown says it
    }
    for key, voucher in _crossing(case, {key: terms.budget[key].total for key in over}).items():
        total = terms.budget[key].total
        message = _(
            "{category}累計 {cost},超過核定 {total};自憑證 {number} 起超支 {excess},應自行負擔或先辦理流用變更"
        ).format(
            category=wording.category(terms.award, key),
            cost=wording.money(over[key]),
            total=wording.money(total),
            number=wording.label(voucher),
            excess=wording.money(over[key] - total),
        )
        yield Found(voucher.entry, message, over[key] - total, voucher.number)


def _crossing(case: Case, totals: dict[Key, int]) -> dict[Key, Voucher]:
    """The voucher with which each category went beyond its total for good."""
    cost: dict[Key, int] = defaultdict(int)
    crossing: dict[Key, Voucher] = {}
    for voucher in case.vouchers if totals else ():
        for category, accepted, _disallowed in case.accepted_lines(voucher):
            key = (voucher.party, category)
            cost[key] += accepted
            if key in totals and cost[key] > totals[key]:
                crossing.setdefault(key, voucher)
            else:
                crossing.pop(key, None)
    return crossing


class _Approved(NamedTuple):
    """The approved items: by (party, category) and folded name, and the categories that list any."""

    items: dict[Key, dict[str, Item]]
    categories: frozenset[str]


def _approved(award: Award) -> _Approved:
    items: dict[Key, dict[str, Item]] = defaultdict(dict)
    for item in award.items:
        items[item.party, item.category][item_key(item.name)] = item
    return _Approved(items, frozenset(item.category for item in award.items))


@check("item-not-in-budget")
def item_not_in_budget(case: Case) -> Iterator[Found]:
    """品名不是核定的計畫經費項目。

    說明:憑證的品名(去除空白、全半形一致後)與該科目核定的項目都不相同。人事費、折讓、作廢與已作廢的憑證不檢查;整個核定沒有列該科目的
    項目時也不檢查。匯入時認不出科目、暫記「9不予認列」且仍帶 `!` 的品名也會指出。

    規定與出處:各項經費支出之憑證、發票等,其品名之填寫應完整,並與計畫經費表上所列一致,勿填列業者代號或簡稱
    (納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。

    如何改正:請賣方依計畫經費表的品名重開發票;品名寫法不同而確為同一項目者,更正分錄的 item。非核定項目改記「9不予認列」。

    不合的例子(核定項目為「五軸加工機主軸冷卻模組」):

        item: "SMD-200A"

    合格的例子:

        item: "五軸加工機主軸冷卻模組"
    """
    terms = spending_basis(case)
    if terms is None:
        return
    approved = _approved(terms.award)
    gone = taken_back_wholly(case)
    for voucher in original_vouchers(case):
        if voucher.kind in {"payroll", INCOME} or id(voucher.entry) in gone:
            continue
        for line in voucher.lines:
            key = (voucher.party, line.category)
            if item_key(line.item) in approved.items.get(key, ()):
                continue
            if line.disallowed and voucher.entry.flag == "!" and not line.cost:
                if approved.categories and terms.award.item_named(line.item) is None:
                    yield _parked(voucher, line, approved)
                continue
            if (
                line.category not in approved.categories
                or kind_of(line.category) == "personnel"
                or not line.cost
            ):
                continue
            message = _(
                "憑證 {number} 的品名「{item}」不是{category}核定的項目,{cost}不得核銷;{hint}"
            ).format(
                number=wording.label(voucher),
                item=line.item,
                category=wording.category(terms.award, key),
                cost=wording.money(line.cost),
                hint=_hint(approved, key, line),
            )
            yield Found(voucher.entry, message, line.cost, voucher.number)


def _parked(voucher: Voucher, line: VoucherLine, approved: _Approved) -> Found:
    """A line whose category nobody could tell, which waits among the cost not claimed."""
    names = [
        item.name
        for key, items in approved.items.items()
        if key[0] == voucher.party
        for item in items.values()
    ]
    message = _(
        "憑證 {number} 的品名「{item}」不是核定的項目,{cost}暫記不予認列;"
        "請以 grant answer 指定核定項目,不核銷者以 grant correct --set claimed=0 確認"
    ).format(number=wording.label(voucher), item=line.item, cost=wording.money(line.disallowed))
    if near := _near(line.item, names):
        message += _(",相近的核定項目:{names}").format(names=wording.several(near))
    return Found(voucher.entry, message, line.disallowed, voucher.number)


def _hint(approved: _Approved, key: Key, line: VoucherLine) -> str:
    """What would put it right: another category, a full name instead of a code, a name that is near."""
    others = [
        other[1]
        for other, items in approved.items.items()
        if other != key and other[0] == key[0] and item_key(line.item) in items
    ]
    if others:
        return _("它核定在{category},請更正科目").format(category=category_name(others[0]))
    near = _near(line.item, [item.name for item in approved.items.get(key, {}).values()])
    wanted = _("品名不得只填代號或簡稱,請賣方填寫完整品名")
    hint = wanted if is_code(line.item) else _("品名應與計畫經費表一致")
    if near:
        hint += _(",相近的核定項目:{names}").format(names=wording.several(near))
    return hint


def _near(name: str, approved: list[str]) -> list[str]:
    """The approved names that resemble `name`, the nearest first."""
    from rapidfuzz import fuzz  # noqa: PLC0415 -- only a ledger with such a fault pays for it
    from rapidfuzz import process  # noqa: PLC0415

    found = process.extract(
        name, approved, scorer=fuzz.ratio, processor=fold, limit=_SHOWN, score_cutoff=_NEAR
    )
    return [match[0] for match in found]


@check("item-quantity-exceeded")
def item_quantity_exceeded(case: Case) -> Iterator[Found]:
    """項目的累計數量超過核定數量。

    說明:同一項目各憑證的數量合計超過核定數量;折讓與作廢的數量會減回。分期開立的發票請以小數填寫數量(如 0.3 與 0.7)。
    部分金額不予認列或被剔除者,數量按認列的金額比例計。

    規定與出處:數量應與計畫相符,超過者需先變更,否則超出部分由自籌款負擔(海洋委員會海洋科技專案經費支用明細表 註11;
    可信度:姊妹計畫)。

    如何改正:更正數量;確實多買者,超出的成本改記「9不予認列」或先辦理變更。

    不合的例子(核定 4 台,已買 3 台):

        item: "伺服馬達驅動器"
        quantity: 2

    合格的例子:

        item: "伺服馬達驅動器"
        quantity: 1
    """
    terms = spending_basis(case)
    if terms is None:
        return
    approved = {
        key: counted
        for key, items in _approved(terms.award).items.items()
        if (counted := {name: item for name, item in items.items() if item.quantity is not None})
    }
    bought: dict[tuple[Key, str], Decimal] = defaultdict(Decimal)
    worth: dict[tuple[Key, str], Decimal] = defaultdict(Decimal)  # NT$ of the pieces beyond the approved ones
    crossing: dict[tuple[Key, str], Voucher] = {}
    for voucher in case.vouchers if approved else ():
        for line, (_category, kept, _cut) in zip(voucher.lines, case.accepted_lines(voucher), strict=True):
            named = ((voucher.party, line.category), item_key(line.item))
            item = approved.get(named[0], {}).get(named[1])
            pieces = _claimed_pieces(voucher, line, kept)
            if item is None or item.quantity is None or not pieces:
                continue
            before = max(bought[named] - item.quantity, Decimal(0))
            bought[named] += pieces
            over = max(bought[named] - item.quantity, Decimal(0))
            beyond = worth[named] + (over - before) * abs(kept / pieces)
            worth[named] = beyond if over else Decimal(0)
            if worth[named] >= 1:  # less is the rounding of a price
                crossing.setdefault(named, voucher)
            else:
                crossing.pop(named, None)
    for (key, name), voucher in crossing.items():
        item = approved[key][name]
        assert item.quantity is not None  # noqa: S101 -- only such items were counted
        message = _(
            "項目「{item}」累計 {bought}{unit},超過核定 {approved}{unit};自憑證 {number} 起超量,超出部分請先變更或自行負擔"
        ).format(
            item=item.name,
            bought=wording.count(round(bought[key, name], 2)),
            unit=item.unit,
            approved=wording.count(item.quantity),
            number=wording.label(voucher),
        )
        yield Found(voucher.entry, message, int(worth[key, name]), voucher.number)


def _claimed_pieces(voucher: Voucher, line: VoucherLine, kept: int) -> Decimal:
    """How many of a line's pieces are claimed: by the part of its cost that is; negative where it takes some back."""
    whole = line.cost + line.disallowed
    if not line.quantity or not kept or not whole:
        return Decimal(0)
    pieces = abs(line.quantity) * kept / whole
    return -pieces if voucher.is_reversal or line.cost < 0 else pieces.copy_sign(line.quantity)


@check("item-unit-differs", severity="warning")
def item_unit_differs(case: Case) -> Iterator[Found]:
    """憑證的單位不是核定的單位。

    說明:憑證上的單位與核定項目的單位不同(台與臺視為相同),數量就不能直接和核定數量相比。折讓與已作廢的憑證不檢查。

    規定與出處:憑證的品名、數量應與計畫經費表一致(納管工廠簡報「會計作業要注意哪些」;可信度:簡報原文)。

    如何改正:確認是同一種數量後,以 grant correct 更正 unit 與 quantity;不是的,請賣方更正發票,或先辦理變更。

    不合的例子(核定 2 台):

        item: "伺服馬達驅動器"
        quantity: 2
        unit: "箱"

    合格的例子:

        item: "伺服馬達驅動器"
        quantity: 2
        unit: "台"
    """
    terms = spending_basis(case)
    if terms is None or not any(item.unit for item in terms.award.items):
        return
    vouchers = net_originals(case)
    if not vouchers:
        return
    from ledger.case.vouchers.approved_items import is_other_unit  # noqa: PLC0415 -- only a case with vouchers pays for it
    from ledger.case.vouchers.voucher_lines import said_of_line  # noqa: PLC0415
    from ledger.model.voucher_details import UNIT  # noqa: PLC0415

    for voucher, _cost in vouchers:
        for line in voucher.lines:
            item = terms.award.item_named(line.item)
            if item is None or not item.unit:
                continue
            unit = said_of_line(voucher, line, UNIT.key)
            if not is_other_unit(unit, item):
                continue
            message = _(
                "憑證 {number} 的「{item}」單位是「{unit}」,核定的單位是「{approved}」;請確認數量是否同一種單位"
            ).format(number=wording.label(voucher), item=line.item, unit=unit, approved=item.unit)
            yield Found(voucher.entry, message, line.cost, voucher.number)


@check("contractor-not-approved", severity="warning")
def contractor_not_approved(case: Case) -> Iterator[Found]:
    """委託研究的對象不是核定的承作單位。

    說明:委託研究或驗證費的項目,核定時寫明由誰承作,憑證的賣方卻是別家;同一公司的分公司視為同一家。已作廢的憑證不檢查。

    規定與出處:委託研究的對象屬計畫內容,變更須經同意(CITD 契約書第 2 條;可信度:姊妹計畫)。

    如何改正:取得同意後以 grant revise 變更核定項目的採購對象;未經同意的,請洽承辦人。

    不合的例子(核定由「財團法人範例檢測中心」承作):

        2023-08-01 * "另一檢測有限公司" "節能效益驗證" ^AB12345678

    合格的例子:

        2023-08-01 * "財團法人範例檢測中心" "節能效益驗證" ^AB12345678
    """
    terms = spending_basis(case)
    if terms is None or not any(item.supplier for item in terms.award.items):
        return
    vouchers = net_originals(case)
    if not vouchers:
        return
    from ledger.case.vouchers.approved_items import is_other_contractor  # noqa: PLC0415 -- as above

    for voucher, _cost in vouchers:
        for line in voucher.lines:
            item = terms.award.item_named(line.item)
            if item is None or not line.cost or not is_other_contractor(voucher.seller_name, item):
                continue
            message = _(
                "委託研究項目「{item}」核定由「{approved}」承作,憑證 {number} 的對象是「{seller}」;請先變更核定或說明"
            ).format(
                item=item.name,
                approved=item.supplier,
                number=wording.label(voucher),
                seller=voucher.seller_name,
            )
            yield Found(voucher.entry, message, line.cost, voucher.number)


@check("reallocation-unapproved")
def reallocation_unapproved(case: Case) -> Iterator[Found]:
    """流用(預算調整)沒有核准文號。

    說明:後來的 grant-budget 沒有寫 approval,不生效力。調整數超過原核定科目一定比率(預設 20%)為錯誤,否則提醒。
    核定之後才新增的科目也須有 approval。

    規定與出處:流入或流出逾原核定科目 20% 應先經核准(海洋委員會海洋科技專案經費支用明細表 註5;可信度:姊妹計畫);
    計畫變更須經同意(CITD 契約書第 2 條;可信度:姊妹計畫)。

    如何改正:取得核准函後以 grant revise 登錄,寫上核准文號;未獲核准的調整不生效力。

    不合的例子:

        2023-10-01 custom "grant-budget" "equipment" 300000 TWD 300000 TWD

    合格的例子:

        2023-10-01 custom "grant-budget" "equipment" 300000 TWD 300000 TWD
          approval: "產授字第1120000000號"
    """
    terms = spending_basis(case)
    if terms is None:
        return
    threshold = terms.scheme.reallocation_threshold
    began = _first_days(terms.award)
    for budget in terms.award.budgets:
        key = (budget.party, budget.category)
        first = terms.award.original[key]
        if budget.approval or (budget is not first and budget.approved == first.approved):
            continue
        if budget is first:
            if budget.date > began[budget.party]:
                yield _added_later(terms, budget)
            continue
        before = first.approved.total
        moved = abs(budget.approved.total - before)
        is_large = moved > threshold.value * before
        message = _("{category}由 {before}調整為 {after}未附核准文號,不生效力;請補 approval").format(
            category=wording.category(terms.award, key),
            before=wording.money(before),
            after=wording.money(budget.approved.total),
        )
        if is_large:
            message += _(",流用 {moved}已逾原核定的 {ratio},應先經核准").format(
                moved=wording.money(moved), ratio=wording.percent(threshold.value)
            )
        note = wording.assumed(threshold)
        yield Found(budget.entry, message + note, moved, severity=None if is_large else "warning")


def _first_days(award: Award) -> dict[str, datetime.date]:
    """The day of each party's first budget."""
    days: dict[str, datetime.date] = {}
    for budget in award.budgets:
        days[budget.party] = min(budget.date, days.get(budget.party, budget.date))
    return days


def _added_later(terms: Basis, budget: Budget) -> Found:
    """A category that the award had not when it was approved."""
    message = _(
        "{category} {amount}是核定後才新增的科目,未附核准文號;核准後請以 grant revise 登錄並寫上文號"
    ).format(
        category=wording.category(terms.award, (budget.party, budget.category)),
        amount=wording.money(budget.approved.total),
    )
    note = wording.assumed(terms.scheme.reallocation_threshold)
    return Found(budget.entry, message + note, budget.approved.total)
