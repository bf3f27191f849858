"""Checks that judge several cases together: a paper claimed twice, a company or a representative with two cases.

They run where more than one case is given (`grant check CASE CASE …`) and never as a plugin of one ledger.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from typing import NamedTuple

from checks.analysis import wording
from checks.analysis.document_identity import same_document
from checks.engine.finding import Severity
from checks.engine.portfolio_registry import PortfolioFound
from checks.engine.portfolio_registry import portfolio_check
from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import Claim
from checks.portfolio.snapshot import Party
from checks.portfolio.snapshot import Portfolio
from ledger.schemes.model import Sourced
from ledger.util.i18n import _
from ledger.util.text import fold

_OneCase = Sourced[tuple[str, ...]]
_ERROR: Severity = "error"
_WARNING: Severity = "warning"


class _Held(NamedTuple):
    """A claim and the case that makes it."""

    claim: Claim
    case: CaseSnapshot


@portfolio_check("voucher-claimed-twice")
def voucher_claimed_twice(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """同一張憑證在兩個案件報支。

    說明:同一發票號碼(同一期,或跨期而賣方與金額相同),或賣方、號碼、日期、金額都相同的其他憑證,在兩個以上案件列為成本。
    已全數沖回、剔除或改記「9不予認列」的不算。同一家業者把一張憑證分攤到兩案,合計不超過憑證未稅金額的,不算重複;兩案所寫的
    未稅金額不同而合計較大的,無法判斷是否分攤,僅提醒。號碼只差容易看錯的字(0/O、1/I、8/B)而賣方、日期、金額相同的,以及兩案不同號碼的
    憑證附了同一個檔案的,也列為錯誤。薪資不在此列,見 person-months-exceeded。意見列在入帳較晚的案件。

    規定與出處:計畫內容不得與已獲其他政府機關補助計畫相同(納管工廠簡報「申請還需要注意什麼」;可信度:簡報原文);
    多案共用的憑證須附分攤表,以免重複報支(A+ 企業創新研發淬鍊 常見問答;可信度:姊妹計畫)。

    如何改正:由一案報支,另一案沖回或改記「9不予認列」;確為分攤者,兩案都寫憑證的全額(net),不屬於本案的部分改記
    「9不予認列」,並附分攤表。

    不合的例子:

        案件甲  2023-07-12 * "精密機械股份有限公司" "冷卻模組" ^AB12345678
        案件乙  2023-08-02 * "精密機械股份有限公司" "冷卻模組" ^AB12345678

    合格的例子(同一家業者,憑證未稅 100000 元):

        案件甲  Expenses:1政府補助款:03既有設備之改善費   60000 TWD
        案件乙  Expenses:1政府補助款:03既有設備之改善費   40000 TWD
    """
    for claims in _shared(portfolio):
        for place in range(1, len(claims)):
            if found := _claimed_again(claims[place], claims[:place]):
                yield found
    yield from _look_alikes(portfolio)
    yield from _same_files(portfolio)


_LOOK_ALIKE = str.maketrans("OIB", "018")  # what a tired eye or a scanner takes for another


def _look_alikes(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """Numbers of one seller, net and date that differ only in O/0, I/1, B/8: one invoice typed two ways."""
    alike: dict[tuple[str, int, datetime.date, str], list[_Held]] = defaultdict(list)
    for case in portfolio.cases:
        for claim in case.claims:
            if claim.number:
                number = claim.number.upper().translate(_LOOK_ALIKE)
                seller = claim.seller or claim.seller_name
                alike[number, claim.net, claim.date, seller].append(_Held(claim, case))
    for claims in alike.values():
        claims.sort(key=lambda held: (held.claim.at.date, held.case.order))
        for first, later in _others_of(claims):
            message = _(
                "憑證 {number} 與案件 {case} 的 {other} 只差容易看錯的字(0/O、1/I、8/B),賣方、日期與金額都相同,"
                "很可能是同一張憑證"
            )
            yield _alike(message, first, later, "look-alike")


def _same_files(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """One file filed to vouchers of different numbers in two cases; of one number the exact check speaks."""
    filed: dict[str, list[_Held]] = defaultdict(list)
    for case in portfolio.cases:
        for claim in case.claims:
            for digest in claim.papers:
                filed[digest].append(_Held(claim, case))
    for digest, claims in filed.items():
        claims.sort(key=lambda held: (held.claim.at.date, held.case.order))
        for first, later in _others_of(claims):
            message = _("憑證 {number} 的附件與案件 {case} 憑證 {other} 的附件是同一個檔案")
            yield _alike(message, first, later, digest)


def _others_of(claims: Sequence[_Held]) -> Iterator[tuple[_Held, _Held]]:
    """The first claim with each later one of another case and another number."""
    first = claims[0]
    for later in claims[1:]:
        if later.case is not first.case and later.claim.number != first.claim.number:
            yield first, later


def _alike(message: str, first: _Held, later: _Held, subject: str) -> PortfolioFound:
    said = message.format(number=later.claim.label, case=_case(first.case), other=first.claim.label)
    return PortfolioFound(
        later.case,
        later.claim.at,
        said,
        later.claim.cost,
        later.claim.label,
        others=(first.case,),
        subject=subject,
    )


def _shared(portfolio: Portfolio) -> Iterator[list[_Held]]:
    """The papers that are claimed more than once: the claim of each case, the earliest first."""
    first: dict[str, _Held] = {}
    shared: dict[str, list[_Held]] = {}
    for case in portfolio.cases:
        for claim in case.claims:
            held = _Held(claim, case)
            known = first.setdefault(claim.key, held)
            if known is not held:
                shared.setdefault(claim.key, [known]).append(held)
    for alike in shared.values():
        alike.sort(key=lambda held: (held.claim.at.date, held.case.order, held.claim.at.line))
        yield from map(_by_case, _papers(alike))


def _papers(alike: list[_Held]) -> list[list[_Held]]:
    """Claims of one key, told apart by the paper that they are of."""
    papers: list[list[_Held]] = []
    for held in alike:
        known = next((paper for paper in papers if same_document(paper[0].claim, held.claim)), None)
        if known is None:
            papers.append([held])
        else:
            known.append(held)
    return papers


def _by_case(paper: list[_Held]) -> list[_Held]:
    """What each case claims of a paper, where it first does."""
    claims: dict[tuple[str, ...], _Held] = {}
    for held in paper:
        known = claims.setdefault(held.case.order, held)
        if known is not held:
            cost, net = known.claim.cost + held.claim.cost, max(known.claim.net, held.claim.net)
            claims[held.case.order] = known._replace(claim=known.claim._replace(cost=cost, net=net))
    return list(claims.values())


def _claimed_again(later: _Held, earlier: Sequence[_Held]) -> PortfolioFound | None:
    """What stands against a claim of a paper that other cases claimed before it."""
    claim, first = later.claim, earlier[0]
    claims = [held.claim for held in earlier] + [claim]
    total, net = sum(each.cost for each in claims), max(each.net for each in claims)
    is_one_company = len({each.company for each in claims}) == 1
    if is_one_company and total <= net:
        return None
    said = {
        "number": claim.label,
        "case": _case(first.case),
        "date": first.claim.at.date,
        "cost": wording.money(first.claim.cost),
        "place": first.case.shown(first.claim.at),
        "own": wording.money(claim.cost),
        "total": wording.money(total),
        "net": wording.money(net),
    }
    stake, severity = claim.cost, _ERROR
    if not is_one_company:
        message = _(
            "憑證 {number} 已由案件 {case} 於 {date} 報支 {cost}({place}),本案又列 {own};同一憑證只能核銷一次"
        )
    elif len({each.net for each in claims}) == 1:
        stake = min(claim.cost, total - net)
        message = _(
            "憑證 {number} 已由同一業者的案件 {case} 於 {date} 報支 {cost}({place}),本案又列 {own},"
            "合計 {total}超過憑證未稅金額 {net}"
        )
    else:
        severity = _WARNING
        message = _(
            "憑證 {number} 也列在同一業者的案件 {case}({date},{cost},{place}),本案列 {own};兩案所寫的未稅金額不同,"
            "無法判斷是否分攤,請都寫憑證的全額並附分攤表"
        )
    others = tuple(held.case for held in earlier)
    return PortfolioFound(
        later.case, claim.at, message.format(**said), stake, claim.label, severity, others=others
    )


def _case(case: CaseSnapshot) -> str:
    """A case as the others name it: its id and company."""
    return _("{id}({company})").format(id=case.id, company=case.company)


class _Grant(NamedTuple):
    """A party of a case."""

    party: Party
    case: CaseSnapshot

    @property
    def asked(self) -> tuple[object, ...]:
        """By when it was applied for; of two on one day, by the cases' order."""
        return (self.case.asked, *self.case.order)


@portfolio_check("company-second-case")
def company_second_case(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """同一家業者的第二個案件。

    說明:同一統一編號已有另一個案件,而本案的補助計畫規定同一家業者只能有一案(規定裡的 one_case_of;見 grant scheme
    show)。先後依線上申請收件日,沒有收件日的依執行期間起日;不論執行期間是否重疊。規定為推定或取自姊妹計畫、只有先前那一案的
    計畫有此規定,或業者是以大帶小的參與廠商時,僅提醒。同一案件在兩個資料夾各有一份時也提醒,並且只用其中一份比對。

    規定與出處:「同一家業者依本須知規定申請並獲補助之個案計畫以1案為限」;已獲同一辦法所定升級轉型補助者不得申請
    (納管工廠簡報「申請還需要注意什麼」與申請資格;可信度:簡報原文)。其他計畫比照,未見條文(可信度:姊妹計畫或推定)。

    如何改正:核對兩案的核定函;確為同一家業者者洽承辦人,後案的補助可能撤銷或廢止。重複的資料夾請移走一份。

    不合的例子:

        案件甲  2023-06-01 custom "grant-award" "112-納管-0456"   ; ubn: "53212539"
        案件乙  2023-06-01 custom "grant-award" "112-納管-0789"   ; ubn: "53212539"

    合格的例子:

        案件甲  scheme: "managed-factory-112"   ; ubn: "53212539"
        案件乙  scheme: "ocean-industry-114"    ; ubn: "53212539"
    """
    for copy, known in portfolio.copies:
        message = _("案件 {case} 在 {place} 另有一份,跨案比對只用那一份;請確認哪一份是正本").format(
            case=_case(copy), place=known.shown(known.at)
        )
        yield PortfolioFound(copy, copy.at, message, severity=_WARNING, others=(known,), subject="copy")
    by_company: dict[str, list[_Grant]] = defaultdict(list)
    for grant in _grants(portfolio):
        by_company[grant.party.ubn].append(grant)
    by_company.pop("", None)
    for grants in by_company.values():
        for later, earlier, rule in _later_and_first(grants):
            yield _second_case(later, earlier, rule)


def _grants(portfolio: Portfolio) -> Iterator[_Grant]:
    for case in portfolio.cases:
        for party in case.parties:
            yield _Grant(party, case)


def _later_and_first(
    grants: list[_Grant], *, of_others: bool = False
) -> Iterator[tuple[_Grant, _Grant, _OneCase]]:
    """Of each grant that came second: it, the first of those before it, and the rule that lets only one stand.

    The rule is the later scheme's own; where that says nothing, the earlier one's, which is then only assumed to
    hold for what comes after it. `of_others`: only those of other companies are before it.
    """
    grants.sort(key=lambda grant: grant.asked)
    for place, later in enumerate(grants):
        before = [
            earlier
            for earlier in grants[:place]
            if earlier.case is not later.case and not (of_others and earlier.party.ubn == later.party.ubn)
        ]
        ruled = ((earlier, _rule_between(later, earlier)) for earlier in before)
        found = [(earlier, rule) for earlier, rule in ruled if rule is not None]
        own = later.case.scheme.one_case_of
        found.sort(key=lambda each: each[1] is not own)  # stable: the first by the later scheme's own rule
        if found:
            yield later, *found[0]


def _rule_between(later: _Grant, earlier: _Grant) -> _OneCase | None:
    own, other = later.case.scheme.one_case_of, earlier.case.scheme.one_case_of
    if own is not None and earlier.case.scheme.id in own.value:
        return own
    if other is not None and later.case.scheme.id in other.value:
        return dataclasses.replace(other, confidence="assumed")
    return None


def _second_case(later: _Grant, earlier: _Grant, rule: _OneCase) -> PortfolioFound:
    is_partner = not (later.party.is_lead and earlier.party.is_lead)
    is_sure = not is_partner and not rule.is_assumed
    message = _("{company}({ubn})已有案件 {case}({place});同一家業者以 1 案為限").format(
        company=later.party.name,
        ubn=later.party.ubn,
        case=_case(earlier.case),
        place=earlier.case.shown(earlier.case.at),
    )
    if is_partner:
        message += _(",參與廠商是否計入未見規定")
    return PortfolioFound(
        later.case,
        later.case.at,
        message if is_sure else message + wording.assumption(),
        later.party.grant,
        severity=_ERROR if is_sure else _WARNING,
        others=(earlier.case,),
        subject=later.party.ubn,
    )


@portfolio_check("representative-second-case", severity="warning")
def representative_second_case(portfolio: Portfolio) -> Iterator[PortfolioFound]:
    """代表人與另一家獲補助業者的代表人同名。

    說明:同一補助計畫的另一家業者,代表人姓名與本案業者的代表人相同(全形半形與空白不計)。姓名相同不一定是同一人,
    所以只提醒。只看規定同一家業者以一案為限的補助計畫;先後同 company-second-case。

    規定與出處:「同一家業者或同一代表人所屬業者已獲本補助」得不予補助,已核定者得撤銷或廢止(納管工廠簡報「還有其他要注意的嗎」;
    可信度:簡報原文)。其他計畫比照,未見條文(可信度:姊妹計畫或推定)。

    如何改正:以公司登記資料確認是否同一人;是同一人者洽承辦人,不是者以 grant portfolio dismiss 或 grant waive 寫明理由。

    不合的例子:

        案件甲  company: "川益電機企業股份有限公司"   ; representative: "莊麗卿"
        案件乙  company: "益瀚電機有限公司"           ; representative: "莊麗卿"

    合格的例子:

        案件乙  company: "益瀚電機有限公司"           ; representative: "莊立青"
    """
    by_name: dict[tuple[str, str], list[_Grant]] = defaultdict(list)
    for grant in _grants(portfolio):
        by_name[grant.case.scheme.id, fold(grant.party.representative)].append(grant)
    for (_scheme, name), grants in by_name.items():
        for later, earlier, rule in _later_and_first(grants, of_others=True) if name else ():
            message = _(
                "{company}的代表人「{name}」與案件 {case} 的 {other}的代表人同名({place});同一代表人所屬業者已獲補助者,"
                "得不予補助。同名不一定同一人,請查公司登記"
            ).format(
                company=later.party.name,
                name=later.party.representative,
                case=_case(earlier.case),
                other=earlier.party.name,
                place=earlier.case.shown(earlier.case.at),
            )
            yield PortfolioFound(
                later.case,
                later.case.at,
                message + wording.assumed(rule),
                later.party.grant,
                others=(earlier.case,),
                subject=name,
            )
