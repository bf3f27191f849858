"""Checks on the award: its sums, ratio, categories and period against the programme's rules."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import Basis
from checks.analysis.basis import award_basis
from checks.analysis.basis import budget_entry
from checks.analysis.basis import spending_basis
from checks.engine.finding import Found
from checks.engine.finding import check
from checks.engine.plugin import CheckError
from checks.engine.plugin import run_plugin
from ledger.arithmetic.cost_share import Approved
from ledger.case.case import Case
from ledger.case.guarantees import guarantee_letters
from ledger.case.instalments import guarantee_of
from ledger.model.award import Award
from ledger.model.award import Item
from ledger.model.award import Key
from ledger.schemes.categories import category_name
from ledger.util.dates import add_months
from ledger.util.i18n import _
from ledger.util.text import fold

__plugins__ = ("plugin",)


def plugin(
    entries: list[data.Directive], options: dict[str, Any], config: str | None = None
) -> tuple[list[data.Directive], list[CheckError]]:
    """The checks of this family."""
    return run_plugin(entries, options, config, family="award")


def _totals(terms: Basis) -> tuple[int, int]:
    """(government, total) of the budget in force."""
    approved = terms.budget.values()
    return sum(line.government for line in approved), sum(line.total for line in approved)


@check("subsidy-cap-exceeded")
def subsidy_cap_exceeded(case: Case) -> Iterator[Found]:
    """核定補助款超過每案上限。

    說明:生效預算的政府補助款合計超過該補助計畫別的每案上限。

    規定與出處:個案補助 500 萬元、以大帶小 3,000 萬元或 2,000 萬元、納管工廠 150 萬元(各計畫簡報;
    經濟部推動產業及中小企業升級轉型辦法第 5 條;可信度:簡報原文、法規)。

    如何改正:核對核定函;金額打錯時以 grant revise 依核定函更正,並寫上核定文號。

    不合的例子(納管工廠):

        2023-06-01 custom "grant-budget" "improvement" 1600000 TWD 1600000 TWD

    合格的例子:

        2023-06-01 custom "grant-budget" "improvement" 1500000 TWD 1500000 TWD
    """
    terms = award_basis(case)
    if terms is None or (cap := terms.scheme.subsidy_cap) is None:
        return
    government, _total = _totals(terms)
    if government > cap.value:
        message = _(
            "政府補助款合計 {government},超過每案上限 {cap},多 {excess};請核對核定函"
        ) + wording.assumed(cap)
        excess = government - cap.value
        yield Found(
            terms.award.entry,
            message.format(
                government=wording.money(government),
                cap=wording.money(cap.value),
                excess=wording.money(excess),
            ),
            excess,
        )


@check("subsidy-ratio-exceeded")
def subsidy_ratio_exceeded(case: Case) -> Iterator[Found]:
    """核定補助款超過總經費的補助比率。

    說明:生效預算的政府補助款合計大於總經費乘以補助比率上限。

    規定與出處:補助比率不得超過總經費 50%(經濟部推動產業及中小企業升級轉型辦法第 5 條;各計畫簡報;
    可信度:法規)。診斷輔導為固定費用,比率另計。

    如何改正:核對核定函;調整後的預算須讓業者自籌款至少占總經費的一半。

    不合的例子:

        2023-06-01 custom "grant-budget" "equipment" 600000 TWD 500000 TWD

    合格的例子:

        2023-06-01 custom "grant-budget" "equipment" 550000 TWD 550000 TWD
    """
    terms = award_basis(case)
    if terms is None:
        return
    government, total = _totals(terms)
    ratio = terms.scheme.subsidy_ratio
    if government > ratio.value * total:
        excess = government - int(ratio.value * total)
        message = _(
            "政府補助款 {government},占總經費 {total}超過 {ratio},多 {excess};業者自籌款須至少補足其餘"
        ).format(
            government=wording.money(government),
            total=wording.money(total),
            ratio=wording.percent(ratio.value),
            excess=wording.money(excess),
        )
        yield Found(terms.award.entry, message + wording.assumed(ratio), excess)


@check("subsidy-ratio-at-limit", severity="warning")
def subsidy_ratio_at_limit(case: Case) -> Iterator[Found]:
    """補助款恰為總經費的補助比率上限。

    說明:政府補助款恰等於總經費乘以比率上限,而該計畫要求業者自籌款「大於」50%。

    規定與出處:業者自籌款 > 計畫總經費 50%(個案補助簡報;可信度:簡報原文);法規為不得超過 50%,恰為 50% 尚屬合法,
    故僅提醒。

    如何改正:向承辦人確認是否接受恰為 50%;否則提高自籌款。

    不合的例子(個案補助):

        2023-06-01 custom "grant-budget" "equipment" 600000 TWD 600000 TWD

    合格的例子:

        2023-06-01 custom "grant-budget" "equipment" 600000 TWD 601000 TWD
    """
    terms = award_basis(case)
    if terms is None or not terms.scheme.ratio_strict.value:
        return
    government, total = _totals(terms)
    ratio = terms.scheme.subsidy_ratio.value
    if total and government == ratio * total:
        message = _("政府補助款 {government}恰為總經費的 {ratio};本計畫要求自籌款大於此數,請洽承辦人確認")
        text = message.format(government=wording.money(government), ratio=wording.percent(ratio))
        yield Found(
            terms.award.entry, text + wording.assumed(terms.scheme.subsidy_ratio, terms.scheme.ratio_strict)
        )


@check("category-not-grantable")
def category_not_grantable(case: Case) -> Iterator[Found]:
    """補助款編列或記在只能由業者自籌的科目。

    說明:預算把政府補助款編在僅能自籌的科目,或憑證把成本記到該科目的政府補助款。

    規定與出處:人事費、無形資產引進費僅能編列於業者自籌款(個案補助、納管工廠簡報);以大帶小另含國內差旅費;
    納管工廠另含基礎工程施工費(可信度:簡報原文;納管工廠的無形資產引進費為推定)。

    如何改正:把該科目的成本全數記到「2業者自籌款」。

    不合的例子:

        Expenses:1政府補助款:05人事費   20000 TWD

    合格的例子:

        Expenses:2業者自籌款:05人事費   20000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    rules = terms.scheme.categories
    forbidden = {name: rule.grantable for name, rule in rules.items() if not rule.grantable.value}
    for key, approved in terms.budget.items():
        if key[1] in forbidden and approved.government > 0:
            message = _("{category}僅能由業者自籌,預算卻編列政府補助款 {amount};請核對核定函").format(
                category=wording.category(terms.award, key), amount=wording.money(approved.government)
            )
            entry = budget_entry(case, terms.award, key).entry
            yield Found(entry, message + wording.assumed(forbidden[key[1]]), approved.government)
    for voucher in case.vouchers:
        wrong = [line for line in voucher.lines if line.government and line.category in forbidden]
        if wrong:
            amount = sum(line.government for line in wrong)
            message = _(
                "憑證 {number} 把{category} {amount}記為政府補助款,該科目僅能由業者自籌;請改記業者自籌款"
            )
            text = message.format(
                number=wording.label(voucher),
                category=wording.category(terms.award, (voucher.party, wrong[0].category)),
                amount=wording.money(amount),
            )
            note = wording.assumed(*(forbidden[line.category] for line in wrong))
            yield Found(voucher.entry, text + note, amount, voucher.number)


@check("category-unknown")
def category_unknown(case: Case) -> Iterator[Found]:
    """會計科目不在補助計畫別,或沒有編列預算。

    說明:預算、計畫經費項目或憑證用了該計畫沒有的會計科目;或憑證的科目未編列預算。

    規定與出處:經費支出應符合申請須知附件「會計科目、編列原則及查核準則」(納管工廠簡報;可信度:簡報原文)。

    如何改正:以 grant correct 改用核定經費表上的科目;確需新科目者先辦理變更,核准後以 grant revise 登錄。

    不合的例子(納管工廠沒有國內差旅費):

        Expenses:2業者自籌款:07國內差旅費   3000 TWD

    合格的例子:

        Expenses:2業者自籌款:01消耗性器材及原材料費   3000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    known = terms.scheme.categories
    message = _("{category}不是本補助計畫別的會計科目;可用的科目見核定經費表")
    named = [(budget.entry, (budget.party, budget.category)) for budget in terms.award.budgets]
    named += [(item.entry, (item.party, item.category)) for item in terms.award.items]
    for entry, key in named:
        if key[1] not in known:
            yield Found(entry, message.format(category=wording.category(terms.award, key)))
    budgeted = {key for key in terms.award.original if key[1] in known}
    booked = {(party, category) for _day, party, category in case.booked_cost}
    for voucher in case.vouchers if booked - budgeted else ():
        cost: dict[Key, int] = {}
        for line in voucher.lines:
            key = (voucher.party, line.category)
            if (line.government or line.self_funded) and key not in budgeted:
                cost[key] = cost.get(key, 0) + line.cost
        for key, amount in cost.items():
            yield Found(
                voucher.entry,
                _("憑證 {number} 的{category} {amount}沒有核定預算;請改列核定的科目").format(
                    number=wording.label(voucher),
                    category=wording.category(terms.award, key),
                    amount=wording.money(amount),
                ),
                amount,
                voucher.number,
            )


@check("category-cap-exceeded")
def category_cap_exceeded(case: Case) -> Iterator[Found]:
    """科目預算超過占總經費的上限。

    說明:全新設備之購置費、委託研究或驗證費的預算超過個案計畫總經費的上限比率。依補助計畫別,以該科目的補助款
    或以該科目全額計算;以大帶小為全案各參與廠商合計。

    規定與出處:全新設備 30%、委託研究或驗證 40%(個案補助簡報以補助款計;可信度:簡報原文)。納管工廠以該科目全額計算
    是較嚴的讀法(可信度:推定)。

    如何改正:核對核定函;申請變更時把超過的部分移到其他科目。

    不合的例子(個案補助,總經費 3,000,000 元):

        2023-06-01 custom "grant-budget" "equipment" 950000 TWD 0 TWD

    合格的例子:

        2023-06-01 custom "grant-budget" "equipment" 900000 TWD 900000 TWD
    """
    terms = award_basis(case)
    if terms is None:
        return
    base = terms.scheme.cap_base
    _government, total = _totals(terms)
    by_category: dict[str, dict[Key, int]] = defaultdict(dict)
    for key, approved in terms.budget.items():
        by_category[key[1]][key] = approved.total if base.value == "category" else approved.government
    for category, amounts in by_category.items():
        cap, amount = terms.scheme.cap(category), sum(amounts.values())
        if cap is None or amount <= cap.value * total:
            continue
        limit = int(cap.value * total)
        largest = max(amounts, key=lambda key: amounts[key])  # the party's line that the finding stands at
        message = _(
            "{category}編列 {amount}({base}),超過總經費 {total}的 {ratio},多 {excess};請核對核定函或辦理變更"
        )
        text = message.format(
            category=category_name(category),
            amount=wording.money(amount),
            base=_("科目全額") if base.value == "category" else _("補助款"),
            total=wording.money(total),
            ratio=wording.percent(cap.value),
            excess=wording.money(amount - limit),
        )
        yield Found(
            budget_entry(case, terms.award, largest).entry, text + wording.assumed(cap, base), amount - limit
        )


@check("period-too-long")
def period_too_long(case: Case) -> Iterator[Found]:
    """執行期間過長,或早於線上申請收件日。

    說明:計畫結束日超過開始日起算的最長執行期間;或開始日早於收件日(filed)。規定寫「為原則」的只提醒,寫「為限」的是錯誤。

    規定與出處:納管工廠執行期間以 12 個月為限;個案補助以 12 個月為原則、以大帶小以不超過 2 年為原則;計畫期間最早可追溯至
    線上申請收件日(各計畫簡報;可信度:簡報原文)。

    如何改正:核對核定函的起迄日;經核准展延者以 grant revise --end 登錄,或以 grant waive 寫明核准文號。

    不合的例子(納管工廠):

        start: 2023-06-01
        end: 2024-06-30

    合格的例子:

        start: 2023-06-01
        end: 2024-05-31
    """
    terms = award_basis(case)
    if terms is None:
        return
    award, months = terms.award, terms.scheme.period_months
    if months is not None:
        latest = add_months(award.start, months.value) - datetime.timedelta(days=1)
        if award.end > latest:
            message = _("執行期間 {start} 至 {end} 超過 {months} 個月,最遲應於 {latest} 結束;請核對核定函")
            if not terms.scheme.period_is_limit.value:
                message = _(
                    "執行期間 {start} 至 {end} 超過 {months} 個月的原則(到 {latest});請確認核定函准許"
                )
            text = message.format(start=award.start, end=award.end, months=months.value, latest=latest)
            limit = terms.scheme.period_is_limit
            yield Found(
                award.entry,
                text + wording.assumed(months, limit),
                severity=None if limit.value else "warning",
            )
    if award.filed is not None and award.start < award.filed:
        message = _("計畫開始日 {start} 早於線上申請收件日 {filed};最早只能追溯到收件日,請核對核定函")
        yield Found(award.entry, message.format(start=award.start, filed=award.filed))


@check("guarantee-too-short", severity="warning")
def guarantee_too_short(case: Case) -> Iterator[Found]:
    """保證書的效期不足,或已經到期。

    說明:履約保證的到期日早於計畫結束日加上寬限月數。還沒到期時是提醒,到期之後是錯誤。到期日是登記的里程碑
    (grant-milestone guarantee 的 until);沒有登記的看核定資料的 guarantee-until。都沒有寫(例如以保證金擔保)就不判斷。

    規定與出處:保證書效期至計畫結束後三個月(CITD 簽約及執行階段問答;本計畫別未明文,依姊妹計畫推定;
    可信度:姊妹計畫)。

    如何改正:請銀行展延保證書,再執行 grant milestone 案件 guarantee,寫同一個 --number 與新的 --until;
    已解除保證者洽承辦人後以 grant waive 寫明。

    不合的例子(計畫 2024-05-31 結束,寬限 3 個月):

        2023-06-10 custom "grant-milestone" "guarantee"
          amount: 200000 TWD
          until: 2024-06-30

    合格的例子:

        2023-06-10 custom "grant-milestone" "guarantee"
          amount: 200000 TWD
          until: 2024-08-31
    """
    terms, needed = award_basis(case), guarantee_of(case)
    if terms is None or needed is None:
        return
    for letter in guarantee_letters(case):
        if letter.until is None or letter.until >= needed.valid_until:
            continue
        expired = letter.until < case.as_of
        if expired:
            message = _(
                "保證書已於 {until} 到期,須涵蓋到 {needed}(擔保 {amount});請立即洽銀行展延"
                "並以 grant milestone 登錄新的到期日,已解除保證的請以 grant waive 寫明"
            )
        else:
            message = _("保證書到 {until} 為止,須涵蓋到 {needed}(擔保 {amount});請在到期前洽銀行展延")
        amount = needed.amount if letter.amount is None else letter.amount
        text = message.format(until=letter.until, needed=needed.valid_until, amount=wording.money(amount))
        grace = wording.assumed(terms.scheme.guarantee_grace_months)
        yield Found(letter.entry, text + grace, amount, severity="error" if expired else None)


@check("item-sum-mismatch")
def item_sum_mismatch(case: Case) -> Iterator[Found]:
    """計畫經費項目的合計與科目預算不符。

    說明:某科目列有計畫經費項目,但各項補助款或自籌款的合計,既不等於生效的預算,也不等於原核定預算。

    規定與出處:申請經費須與經費預算表一致(納管工廠簡報「申請書怎麼填」;可信度:簡報原文)。

    如何改正:依核定經費表以 grant revise 補齊或更正品項與預算。

    不合的例子:

        2023-06-01 custom "grant-budget" "equipment" 600000 TWD 600000 TWD
        2023-06-01 custom "grant-item" "equipment" "冷卻模組" 500000 TWD 600000 TWD

    合格的例子:

        2023-06-01 custom "grant-item" "equipment" "冷卻模組" 600000 TWD 600000 TWD
    """
    terms = spending_basis(case)
    if terms is None:
        return
    for key, items in _latest_items(terms.award).items():
        listed = Approved(
            sum(item.approved.government for item in items), sum(item.approved.self_funded for item in items)
        )
        budget = terms.budget.get(key, Approved(0, 0))
        original = terms.award.original.get(key)
        # after a revision the items may still be listed as they were first approved
        if listed == budget or (original is not None and listed == original.approved):
            continue
        if original is None and key[1] not in terms.scheme.categories:
            continue  # category-unknown says it
        message = _(
            "{category}各項目合計為補助款 {listed_government}、自籌款 {listed_self},與預算的補助款 {government}、"
            "自籌款 {own}不符;請依核定經費表更正"
        ).format(
            category=wording.category(terms.award, key),
            listed_government=wording.money(listed.government),
            listed_self=wording.money(listed.self_funded),
            government=wording.money(budget.government),
            own=wording.money(budget.self_funded),
        )
        entry = items[0].entry if original is None else budget_entry(case, terms.award, key).entry
        apart = abs(listed.government - budget.government), abs(listed.self_funded - budget.self_funded)
        yield Found(entry, message, sum(apart))


def _latest_items(award: Award) -> dict[Key, list[Item]]:
    """The items by category; one listed again on a later day takes the place of its namesakes."""
    items: dict[Key, dict[str, list[Item]]] = defaultdict(dict)
    for item in sorted(award.items, key=lambda item: item.date):
        named = items[item.party, item.category].setdefault(fold(item.name), [])
        if named and named[0].date < item.date:
            named.clear()
        named.append(item)
    return {key: [item for same in named.values() for item in same] for key, named in items.items()}
