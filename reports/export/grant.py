"""What is the grant's own: budget, dedicated account, month closes, findings, the settlement by category."""

from __future__ import annotations

from ledger.case.case import Case
from ledger.case.settlement import NoAwardError
from ledger.case.settlement import settle_case
from ledger.schemes.categories import category_name
from reports.export.dataset import Field
from reports.export.dataset import Rows
from reports.export.dataset import Table
from reports.export.general_ledger import journal_ids
from reports.sheets.common import place


def _budget(case: Case) -> Rows:
    if case.award is None:
        return
    for budget in case.award.budgets:
        yield (
            budget.date,
            budget.party,
            budget.category,
            category_name(budget.category),
            budget.approved.government,
            budget.approved.self_funded,
            budget.approval,
        )


def _movements(case: Case) -> Rows:
    ids = journal_ids(case)
    for move in case.movements:
        yield (
            ids[id(move.entry)],
            move.date,
            move.party,
            move.kind,
            move.entry.narration or "",
            move.grant,
            move.own,
            move.interest,
            move.tax,
            move.remitted_interest,
            move.remitted_surplus,
            " ".join(move.months),
            place(move.entry, case.folder),
        )


def _closes(case: Case) -> Rows:
    for close in case.closes:
        yield close.month, close.date, close.entitlement, close.withdrawable, close.previous, close.digest


def _findings(case: Case) -> Rows:
    for finding in case.findings:
        yield (
            finding.id,
            finding.date,
            finding.voucher,
            finding.check,
            finding.state,
            finding.declared,
            finding.deducted,
            str(finding.entry.meta.get("comment") or ""),
            str(finding.entry.meta.get("by") or ""),
        )


def _settlement(case: Case) -> Rows:
    try:
        whole = settle_case(case).whole
    except NoAwardError:
        return
    for line in whole.categories:
        yield (
            line.category,
            category_name(line.category),
            line.approved.government,
            line.approved.self_funded,
            line.accepted,
            line.disallowed,
            line.government,
            line.self_funded,
        )


TABLES = (
    Table(
        "Grant_Budget",
        "核定預算與變更,一列一次核定",
        (
            Field("Effective_Date", "date", "生效日"),
            Field("Party_TIN", "text", "受補助單位統一編號"),
            Field("Budget_Category", "text", "預算科目代號"),
            Field("Budget_Category_Name", "text", "預算科目"),
            Field("Government_Amount", "amount", "政府補助款"),
            Field("Self_Amount", "amount", "業者自籌款"),
            Field("Approval", "text", "變更的核准文號"),
        ),
        _budget,
    ),
    Table(
        "Grant_Account_Movement",
        "專戶與國庫的收支;存入為正、支出為負",
        (
            Field("Journal_ID", "text", "分錄序號,見 GL_Detail"),
            Field("Effective_Date", "date", "日期"),
            Field("Party_TIN", "text", "專戶所屬單位的統一編號"),
            Field("Movement_Type", "text", "種類(instalment 撥款、withdrawal 提領、interest 孳息 …)"),
            Field("Description", "text", "摘要"),
            Field("Grant_Amount", "amount", "補助款的增減"),
            Field("Own_Amount", "amount", "自籌款的增減"),
            Field("Interest_Gross", "amount", "孳息毛額"),
            Field("Tax_Withheld", "amount", "扣繳稅款"),
            Field("Remitted_Interest", "amount", "繳庫的孳息"),
            Field("Remitted_Surplus", "amount", "繳庫的結餘款"),
            Field("Months", "text", "對應的月份"),
            Field("Source_Location", "text", "帳本的檔案與行號"),
        ),
        _movements,
    ),
    Table(
        "Grant_Month_Close",
        "月結",
        (
            Field("Month", "text", "月份"),
            Field("Close_Date", "date", "月結日"),
            Field("Entitlement", "amount", "累計應計補助款"),
            Field("Withdrawable", "amount", "可提領"),
            Field("Previous_Digest", "text", "前一次月結的摘要值"),
            Field("Digest", "text", "本次月結的摘要值"),
        ),
        _closes,
    ),
    Table(
        "Audit_Finding",
        "查核意見的最近狀態",
        (
            Field("Finding_ID", "text", "編號"),
            Field("Finding_Date", "date", "日期"),
            Field("Invoice_Number", "text", "憑證號碼"),
            Field("Check", "text", "檢核項目"),
            Field(
                "State", "text", "open 待說明、parked 待補正、replied 已回覆、disallowed 剔除、accepted 同意"
            ),
            Field("Declared_Amount", "amount", "申報"),
            Field("Deducted_Amount", "amount", "剔除"),
            Field("Comment", "text", "意見"),
            Field("Entered_By", "text", "查核人"),
        ),
        _findings,
    ),
    Table(
        "Grant_Settlement",
        "匯出當日的結算,各科目上限之後、補助比率之前",
        (
            Field("Budget_Category", "text", "預算科目代號"),
            Field("Budget_Category_Name", "text", "預算科目"),
            Field("Approved_Government", "amount", "核定補助款"),
            Field("Approved_Self", "amount", "核定自籌款"),
            Field("Accepted_Amount", "amount", "認列"),
            Field("Disallowed_Amount", "amount", "剔除"),
            Field("Government_Amount", "amount", "補助款"),
            Field("Self_Amount", "amount", "自籌款"),
        ),
        _settlement,
    ),
)
