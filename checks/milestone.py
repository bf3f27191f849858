"""Checks on the moments of a case: money before its moment, accounts and guarantees, what else pays for it."""

from __future__ import annotations

from collections.abc import Iterator

from checks.analysis import wording
from checks.analysis.basis import award_basis
from checks.analysis.basis import settled
from checks.analysis.basis import spending_basis
from checks.engine.finding import Found
from checks.engine.finding import check
from ledger.case.case import Case
from ledger.case.guarantees import covered_on
from ledger.case.guarantees import guarantee_letters
from ledger.case.instalments import Expected
from ledger.case.instalments import Part
from ledger.case.instalments import schedules
from ledger.model.milestones import Milestone
from ledger.model.milestones import MilestoneKind
from ledger.schemes.model import Moment
from ledger.util.i18n import _

_TOLD: frozenset[MilestoneKind] = frozenset({"approval", "signing", "interim-passed", "final-passed"})
_MOMENTS: dict[Moment, MilestoneKind] = {
    "signing": "signing",
    "interim": "interim-passed",
    "final": "final-passed",
}


def _names() -> dict[MilestoneKind, str]:
    return {
        "signing": _("簽約"),
        "interim-passed": _("期中查核通過"),
        "final-passed": _("期末查核通過"),
        "guarantee": _("履約保證"),
    }


def _reached(case: Case) -> dict[MilestoneKind, Milestone]:
    """The milestones that were written down, the latest of each kind."""
    return {milestone.kind: milestone for milestone in case.milestones}


def _paid_out(case: Case) -> Iterator[tuple[Expected, Part]]:
    """Every payment of the grant with the instalment that it is of."""
    for schedule in schedules(case):
        for expected in schedule.instalments:
            for part in expected.came:
                yield expected, part


@check("milestone-missing", severity="warning", family="award")
def milestone_missing(case: Case) -> Iterator[Found]:
    """補助款已撥入,卻沒有登記撥款的依據。

    說明:案件有登記里程碑,補助款也撥入了,但該期所憑的簽約、期中或期末查核通過沒有登記;附履約保證者沒有登記保證。
    完全沒有登記里程碑的案件不判斷。

    規定與出處:未附保證者期中、期末查核通過後撥付;附保證者簽約完成後撥付(納管工廠簡報「簽約一定要附履約保證嗎」;
    可信度:簡報原文)。登記里程碑是本程式的作法(可信度:推定)。

    如何改正:執行 grant milestone 案件 種類 --date 日期;履約保證另加 --amount 與 --until。

    不合的例子:

        2023-06-01 custom "grant-milestone" "approval"
        2023-12-20 * "經濟部產業發展署" "期中撥款"        ; 沒有 interim-passed

    合格的例子:

        2023-12-10 custom "grant-milestone" "interim-passed"
        2023-12-20 * "經濟部產業發展署" "期中撥款"
    """
    basis, reached = spending_basis(case), _reached(case)
    if basis is None or _TOLD.isdisjoint(reached):
        return
    told: set[MilestoneKind] = set()
    for expected, part in _paid_out(case):
        kinds: list[MilestoneKind] = [_MOMENTS[expected.when]] if expected.when in _MOMENTS else []
        if basis.award.guarantee != "none":
            kinds.append("guarantee")
        for kind in kinds:
            if kind in reached or kind in told or part.entry is None:
                continue
            told.add(kind)
            message = _("{date} 撥入 {amount},沒有登記{moment};請執行 grant milestone 案件 {kind}").format(
                date=part.date, amount=wording.money(part.amount), moment=_names()[kind], kind=kind
            )
            yield Found(part.entry, message, part.amount, subject=kind)


@check("instalment-before-milestone", family="award")
def instalment_before_milestone(case: Case) -> Iterator[Found]:
    """補助款在撥款時點之前就撥入。

    說明:補助款撥入的日子,早於該期所憑的簽約、期中或期末查核通過的登記日期。沒有登記的不判斷。

    規定與出處:未附保證者期中、期末查核通過後撥付;附保證者簽約完成後撥付、期末查核通過後撥付餘額
    (納管工廠簡報「簽約一定要附履約保證嗎」;個案補助簡報「撥款作業」;可信度:簡報原文)。

    如何改正:核對撥款函與里程碑日期;日期登記錯誤者以 grant undo 復原後重新登記,確實提早撥付者洽承辦人。

    不合的例子:

        2023-12-10 custom "grant-milestone" "interim-passed"
        2023-12-01 * "經濟部產業發展署" "期中撥款"

    合格的例子:

        2023-12-10 custom "grant-milestone" "interim-passed"
        2023-12-20 * "經濟部產業發展署" "期中撥款"
    """
    if spending_basis(case) is None:
        return
    reached = _reached(case)
    for expected, part in _paid_out(case):
        kind = _MOMENTS.get(expected.when) if expected.when else None
        milestone = reached.get(kind) if kind else None
        if milestone is None or part.entry is None or part.date >= milestone.date:
            continue
        message = _("{date} 撥入 {amount},早於{moment}的日期 {day};請核對撥款函").format(
            date=part.date,
            amount=wording.money(part.amount),
            moment=_names()[milestone.kind],
            day=milestone.date,
        )
        yield Found(part.entry, message, part.amount)


@check("account-opened-late", family="award")
def account_opened_late(case: Case) -> Iterator[Found]:
    """專戶在簽約之後才開立。

    說明:專戶的開戶日(opened)晚於登記的簽約日。沒有寫開戶日或沒有登記簽約的不判斷。

    規定與出處:簽約前應在銀行開立以申請業者為戶名之乙存帳戶作為政府補助款專戶(納管工廠簡報「會計作業要注意哪些」;
    可信度:簡報原文)。其他計畫比照(可信度:推定)。

    如何改正:核對存摺的開戶日與契約日期;登記錯誤者更正,確實晚開者洽承辦人。

    不合的例子:

        2023-06-01 custom "grant-account" "223706683363"
          opened: 2023-06-20
        2023-06-10 custom "grant-milestone" "signing"

    合格的例子:

        2023-06-01 custom "grant-account" "223706683363"
          opened: 2023-06-06
        2023-06-10 custom "grant-milestone" "signing"
    """
    basis, signing = spending_basis(case), _reached(case).get("signing")
    if basis is None or signing is None:
        return
    account = basis.award.dedicated_account
    if account is None or account.entry is None or account.opened is None or account.opened <= signing.date:
        return
    message = _(
        "專戶 {number} 於 {opened} 開戶,晚於簽約日 {signing};簽約前應開立專戶,請核對存摺與契約"
    ).format(number=account.number, opened=account.opened, signing=signing.date)
    yield Found(account.entry, message)


@check("drawn-beyond-guarantee", family="award")
def drawn_beyond_guarantee(case: Case) -> Iterator[Found]:
    """請領的補助款超過履約保證的金額。

    說明:以大帶小檢附部分履約保證者,累計撥入的補助款超過當日有效的履約保證金額合計。沒有登記保證金額的不判斷。

    規定與出處:檢附 20% 履約保證金(書)者簽約撥付 20%,後續依保證金額分期請領(以大帶小簡報「撥款作業」;
    可信度:簡報原文)。

    如何改正:增提履約保證並執行 grant milestone 案件 guarantee --amount 金額 --until 到期日 --number 保證書號碼。

    不合的例子(保證 1,000,000 元):

        Assets:1專戶:1政府補助款    1500000 TWD
        Liabilities:3預收補助款    -1500000 TWD

    合格的例子:

        Assets:1專戶:1政府補助款    1000000 TWD
        Liabilities:3預收補助款    -1000000 TWD
    """
    basis = spending_basis(case)
    way = basis.scheme.paying_out.get(basis.award.guarantee) if basis else None
    letters = [letter for letter in guarantee_letters(case) if letter.amount is not None]
    if way is None or not way.limited_by_guarantee or not letters:
        return
    received = 0
    for move in case.movements:
        if move.kind != "instalment":
            continue
        received += move.grant
        covered = covered_on(letters, move.date)
        if move.grant > 0 and received > covered:
            message = _(
                "至 {date} 累計撥入 {received},超過有效的履約保證 {covered},多 {excess};請增提保證並登記"
            ).format(
                date=move.date,
                received=wording.money(received),
                covered=wording.money(covered),
                excess=wording.money(received - covered),
            )
            yield Found(move.entry, message + wording.assumed(way), received - covered)
            return


@check("funding-exceeds-cost", family="award")
def funding_exceeds_cost(case: Case) -> Iterator[Found]:
    """各項補助合計超過計畫的經費。

    說明:核定的政府補助款加上其他機關或單位對同一計畫的補助(grant-funding),超過核定總經費;計畫結束後,認列的補助款加上
    其他補助超過認列的支出。

    規定與出處:申請同一事項內容已獲其他政府機關補助者不得重複(個案補助、納管工廠簡報;可信度:簡報原文);各機關補助合計
    不得超過實際支出(中央政府各機關對民間團體及個人補(捐)助預算執行應注意事項;可信度:姊妹計畫)。

    如何改正:核對各機關的核定函;重複或超過的部分洽各補助機關,並附經費分攤表。

    不合的例子(核定補助 600,000 元、總經費 1,200,000 元):

        2023-06-01 custom "grant-funding" "能源署" 700000 TWD

    合格的例子:

        2023-06-01 custom "grant-funding" "能源署" 300000 TWD
    """
    basis = spending_basis(case)
    if basis is None or not case.funding:
        return
    other = sum(funding.amount for funding in case.funding)
    government = sum(line.government for line in basis.budget.values())
    total = sum(line.total for line in basis.budget.values())
    if government + other > total:
        message = _(
            "核定補助款 {government}加其他補助 {other},超過核定總經費 {total},多 {excess};請核對各機關的核定函"
        )
    elif (
        case.as_of > basis.award.end
        and (whole := settled(case)).recognised_government + other > whole.accepted
    ):
        government, total = whole.recognised_government, whole.accepted
        message = _(
            "認列補助款 {government}加其他補助 {other},超過認列支出 {total},多 {excess};請洽各補助機關調整"
        )
    else:
        return
    excess = government + other - total
    text = message.format(
        government=wording.money(government),
        other=wording.money(other),
        total=wording.money(total),
        excess=wording.money(excess),
    )
    yield Found(case.funding[-1].entry, text, excess)


@check("filed-outside-window", severity="warning", family="award")
def filed_outside_window(case: Case) -> Iterator[Found]:
    """線上申請收件日不在受理期間。

    說明:核定資料的收件日(filed)早於受理起日或晚於受理迄日。沒有寫收件日,或補助計畫別沒有受理期間(或只是推定)的不判斷。

    規定與出處:受理期間自 112/4/17 起至 112/11/30 或補助經費用罄之日止(個案補助、以大帶小簡報);納管工廠最遲至 112/11/30
    (納管工廠簡報;可信度:簡報原文)。

    如何改正:核對線上申請系統的送出時間;打錯的以 grant revise 更正,公告延長受理者以 grant waive 寫明文號。

    不合的例子(個案補助):

        filed: 2023-12-01

    合格的例子:

        filed: 2023-11-30
    """
    terms = award_basis(case)
    if terms is None or (filed := terms.award.filed) is None:
        return
    since, until = terms.scheme.filing_from, terms.scheme.filing_until
    if since is not None and not since.is_assumed and filed < since.value:
        message, limit = _("線上申請收件日 {filed} 早於受理起日 {limit};請核對收件時間"), since.value
    elif until is not None and not until.is_assumed and filed > until.value:
        message, limit = _("線上申請收件日 {filed} 晚於受理迄日 {limit};請核對收件時間或公告"), until.value
    else:
        return
    yield Found(terms.award.entry, message.format(filed=filed, limit=limit))


@check("partner-count", severity="warning", family="award")
def partner_count(case: Case) -> Iterator[Found]:
    """合作廠商的家數不合補助計畫別。

    說明:核定資料的合作廠商超過補助計畫別的家數;不是以大帶小的計畫不得有合作廠商。少於家數的,補助計畫別寫明下限才判斷,
    下限是推定的只在建立案件時提醒。

    規定與出處:低碳化 1 帶 10、智慧化 1 帶 4,「1」係指供應鏈中心廠(以大帶小簡報;可信度:簡報原文;是否可少於此數未寫明)。

    如何改正:核對核定函的參與廠商;補助計畫別選錯者請重新建立案件,核准變更者以 grant waive 寫明文號。

    不合的例子(智慧化 1+4):

        2023-06-01 custom "grant-partner" …        ; 五家

    合格的例子:

        2023-06-01 custom "grant-partner" …        ; 四家
    """
    terms = award_basis(case)
    if terms is None:
        return
    count, most, least = len(terms.award.partners), terms.scheme.partners, terms.scheme.partners_min
    if most is None and count:
        message = _("{scheme}不是共同參與的計畫,核定資料卻有 {count} 家合作廠商;請核對核定函與補助計畫別")
        yield Found(terms.award.entry, message.format(scheme=terms.scheme.name, count=count))
    elif most is not None and count > most.value:
        message = _("合作廠商有 {count} 家,超過{scheme}的 {most} 家;請核對核定函與補助計畫別")
        text = message.format(scheme=terms.scheme.name, count=count, most=most.value)
        yield Found(terms.award.entry, text + wording.assumed(most))
    elif least is not None and not least.is_assumed and count < least.value:
        message = _("合作廠商有 {count} 家,少於{scheme}的 {least} 家;請核對核定函與補助計畫別")
        yield Found(
            terms.award.entry, message.format(scheme=terms.scheme.name, count=count, least=least.value)
        )
