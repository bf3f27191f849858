"""From a form to the directives it asks for: nothing in a form is believed that the case can say itself."""

from __future__ import annotations

import datetime
import re

from beancount.core import data

from audit import risk
from audit.audit_trail import Thread
from audit.audit_trail import threads_by_id
from audit.case_view import View
from audit.filing import findings
from audit.filing.findings import DraftFinding
from audit.filing.findings import FilingError
from audit.filing.findings import one_line
from audit.filing.waivers import claim_on
from audit.filing.waivers import decision_on
from audit.pages.sample import sealed_populations
from audit.pages.what_if import tried_drafts
from audit.sampling import METHODS
from audit.sampling import Unit
from audit.sampling import draw
from audit.sampling import population_digest
from audit.web.query import Query
from ledger.model.directives import custom
from ledger.util.i18n import _

_MOST_AT_ONCE = 500
_FINDING = re.compile(r'custom "grant-finding" "F-(\d{1,9})"')
_SAMPLE = re.compile(r'custom "grant-sample" "S-(\d{1,9})"')


def directives_of(view: View, form: Query, text: str, day: datetime.date) -> list[data.Custom]:
    """What a form asks to write, dated `day`, numbered after what `text` (audit.beancount) holds.

    Raises FilingError where the form cannot be filed.
    """
    match form.text("do"):
        case "judge":
            return _judge(view, form, text, day)
        case "reply":
            (thread,) = _threads(view, form.texts("finding")[:1])
            return [findings.reply(thread, form.text("comment"), form.text("by"), day)]
        case "sign":
            return [
                findings.sign_off(each, form.text("by"), day)
                for each in _threads(view, form.texts("finding"))
            ]
        case "waive":
            return [_waive(view, form, day)]
        case "claim":
            return [claim_of(view, form, day)]
        case "sample":
            return [_sample(view, form, text, day)]
    raise FilingError(_("不知道要做什麼"))


def _judge(view: View, form: Query, text: str, day: datetime.date) -> list[data.Custom]:
    tried, refused = tried_drafts(view, form)
    if refused:
        raise FilingError(_(";").join(each.reason for each in refused.values()))
    wanted = list(tried.values()) or _typed_drafts(view, form)
    if not wanted:
        raise FilingError(_("沒有選取憑證,或憑證在這期間已異動;請回清單重新選取"))
    if len(wanted) > _MOST_AT_ONCE:
        raise FilingError(_("一次最多登錄 {count} 張憑證").format(count=_MOST_AT_ONCE))
    wanted = [_told(draft, form) for draft in wanted]
    for draft in wanted:
        findings.check_draft(draft)
    named = form.text("finding")
    if named and len(wanted) == 1:
        _refuse_strange(view, named, wanted[0])
        (thread,) = _threads(view, (named,))
        return [findings.directive(wanted[0], named, day, _papers(view, wanted[0]), thread.replaceable)]
    first = _after(_FINDING, text)
    return [
        findings.directive(draft, f"F-{first + n:03}", day, _papers(view, draft))
        for n, draft in enumerate(wanted)
    ]


def _papers(view: View, draft: DraftFinding) -> str:
    return view.case.voucher_papers.digest(draft.keyed.voucher)


def _told(draft: DraftFinding, form: Query) -> DraftFinding:
    """A draft with what the form says of all that are filed with it."""
    return draft._replace(
        check=form.text("check"),
        comment=form.text("comment"),
        clause=form.text("clause"),
        by=form.text("by"),
        error_type=form.text("error_type"),
        due=_due(form),
    )


def _due(form: Query) -> datetime.date | None:
    """By when an answer is asked for. Raises FilingError for what is no day."""
    if form.text("due") and form.date("due") is None:
        raise FilingError(_("回覆期限須是日期(年-月-日)"))
    return form.date("due")


def _refuse_strange(view: View, finding_id: str, draft: DraftFinding) -> None:
    """A further draft under a known id is only for the voucher that the id is about."""
    (thread,) = _threads(view, (finding_id,))
    judged = [view.key_of_entry[id(voucher.entry)] for voucher in view.case.judged(thread.latest)]
    if draft.keyed.key not in judged:
        raise FilingError(_("{id} 不是這張憑證的查核意見").format(id=finding_id))


def _typed_drafts(view: View, form: Query) -> list[DraftFinding]:
    state = form.text("state")
    known = [view.vouchers[key] for key in dict.fromkeys(form.texts("voucher")) if key in view.vouchers]
    if len(known) != len(set(form.texts("voucher"))):
        raise FilingError(_("有憑證在這期間已異動或刪除;請回清單重新選取"))
    if state not in findings.STATES:
        raise FilingError(_("請選擇處理方式"))
    asked = form.text("deducted").replace(",", "")
    deducted = None
    if asked and state == "disallowed":
        if not (asked.isascii() and asked.isdigit() and len(asked) < 13) or len(known) != 1:
            raise FilingError(_("剔除金額須為整數元,且一次只能對一張憑證"))
        deducted = int(asked)
    return [DraftFinding(each, state, deducted) for each in known]


def _threads(view: View, ids: tuple[str, ...]) -> list[Thread]:
    known = threads_by_id(view)
    if not ids or any(finding_id not in known for finding_id in ids):
        raise FilingError(_("找不到要回覆或簽核的查核意見;請重新開啟頁面"))
    return [known[finding_id] for finding_id in dict.fromkeys(ids)]


def _waive(view: View, form: Query, day: datetime.date) -> data.Custom:
    if form.text("decision") not in {"confirmed", "refused"}:
        raise FilingError(_("請選擇處理方式"))
    return decision_on(
        view.case,
        form.text("check"),
        form.text("subject"),
        is_confirmed=form.text("decision") == "confirmed",
        reason=form.text("comment"),
        by=form.text("by"),
        day=day,
    )


def claim_of(view: View, form: Query, day: datetime.date) -> data.Custom:
    """The company's claim that a finding be let pass. Raises FilingError."""
    return claim_on(
        view.case,
        form.text("check"),
        form.text("subject"),
        reason=form.text("comment"),
        approval=form.text("approval"),
        day=day,
    )


def _sample(view: View, form: Query, text: str, day: datetime.date) -> data.Custom:
    """A draw; or its population sealed, to be drawn from once a public number is out; or the draw from a sealed one."""
    units = risk.population(view)
    if not one_line(form.text("by")):
        raise FilingError(_("請填寫查核人員姓名"))
    if form.text("sealed"):
        return _draw_sealed(view, units, form, day)
    method, size = form.text("method"), form.number("size")
    if method not in METHODS or not 0 < size <= len(units):
        raise FilingError(_("請選擇抽樣方法,件數須在 1 到 {count} 之間").format(count=len(units)))
    sample_id = f"S-{_after(_SAMPLE, text):03}"
    if form.text("seal"):
        source = one_line(form.text("seed_source"))
        if method == "risk" or not source:
            raise FilingError(_("封存母體用於隨機或金額單位抽樣;請寫明將以哪一期公開號碼為種子"))
        return _sample_act(form, sample_id, day, method, size, population_digest(units), act="sealed")
    seed = one_line(form.text("seed"))
    if method != "risk" and not seed:
        raise FilingError(_("請填寫亂數種子"))
    drawn = draw(units, method, size, seed)
    return _sample_act(
        form,
        sample_id,
        day,
        method,
        size,
        drawn.population,
        seed="" if method == "risk" else seed,
        vouchers=" ".join(drawn.names),
    )


def _draw_sealed(view: View, units: list[Unit], form: Query, day: datetime.date) -> data.Custom:
    """The draw from a population that was sealed, by the number that was named then. Raises FilingError."""
    waiting = [each for each in sealed_populations(view) if each.sample.id == form.text("sealed")]
    if not waiting:
        raise FilingError(_("沒有待抽的封存母體 {id}").format(id=form.text("sealed")))
    sample, is_same = waiting[0]
    if not is_same:
        raise FilingError(
            _("{id} 封存後憑證有增減或金額變動,母體已不同;請改回封存時的帳,或重新封存").format(id=sample.id)
        )
    seed = "".join(form.text("seed").split())
    if not (seed.isascii() and seed.isdigit()):
        raise FilingError(_("請填寫公開號碼(只有數字)"))
    method = next((known for known in METHODS if known == sample.method), METHODS[0])
    drawn = draw(units, method, sample.size, seed)
    return _sample_act(
        form,
        sample.id,
        day,
        method,
        sample.size,
        drawn.population,
        seed=seed,
        vouchers=" ".join(drawn.names),
        act="drawn",
        seed_source=sample.seed_source,
    )


def _sample_act(
    form: Query, sample_id: str, day: datetime.date, method: str, size: int, population: str, **told: str
) -> data.Custom:
    return custom(
        day,
        "sample",
        sample_id,
        method=method,
        size=size,
        population=population,
        by=one_line(form.text("by")),
        reason=one_line(form.text("comment")),
        **({"seed_source": one_line(form.text("seed_source"))} | told),
    )


def _after(pattern: re.Pattern[str], text: str) -> int:
    """The first free number of its kind in a file."""
    return max((int(number) for number in pattern.findall(text)), default=0) + 1
