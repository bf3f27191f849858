"""What is the grant's own: budget, dedicated account, month closes, findings, the settlement by category."""

from __future__ import annotations

from ledger.case.case import Case
from ledger.case.disallowance import said_of
from ledger.case.settlement import NoAwardError
from ledger.case.settlement import settle_case
from ledger.schemes.categories import category_name
from reports.data.place import place
from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.dataset import Rows
from reports.export.general_ledger import journal_ids


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
        said = said_of(case.filed, finding)
        yield (
            finding.id,
            finding.date,
            finding.voucher,
            finding.check,
            finding.state,
            finding.declared,
            finding.deducted,
            finding.comment,
            finding.by,
            finding.clause,
            said.reply.comment if said.reply else "",
            said.reply.by if said.reply else "",
            said.reply.date if said.reply else None,
            said.signature.by if said.signature else "",
            said.signature.date if said.signature else None,
            finding.error_type,
            finding.due,
        )


def _samples(case: Case) -> Rows:
    for sample in case.samples:
        yield (
            sample.id,
            sample.date,
            sample.method,
            sample.seed,
            sample.size,
            sample.population,
            " ".join(sample.vouchers),
            str(sample.entry.meta.get("by") or ""),
            str(sample.entry.meta.get("reason") or ""),
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
    ExportTable(
        "Grant_Budget",
        "核定預算與變更,一列一次核定",
        (
            ExportField("Effective_Date", "date", "生效日"),
            ExportField("Party_TIN", "text", "受補助單位統一編號"),
            ExportField("Budget_Category", "text", "預算科目代號"),
            ExportField("Budget_Category_Name", "text", "預算科目"),
            ExportField("Government_Amount", "amount", "政府補助款"),
            ExportField("Self_Amount", "amount", "業者自籌款"),
            ExportField("Approval", "text", "變更的核准文號"),
        ),
        _budget,
    ),
    ExportTable(
        "Grant_Account_Movement",
        "專戶與國庫的收支;存入為正、支出為負",
        (
            ExportField("Journal_ID", "text", "分錄序號,見 GL_Detail"),
            ExportField("Effective_Date", "date", "日期"),
            ExportField("Party_TIN", "text", "專戶所屬單位的統一編號"),
            ExportField("Movement_Type", "text", "種類(instalment 撥款、withdrawal 提領、interest 孳息 …)"),
            ExportField("Description", "text", "摘要"),
            ExportField("Grant_Amount", "amount", "補助款的增減"),
            ExportField("Own_Amount", "amount", "自籌款的增減"),
            ExportField("Interest_Gross", "amount", "孳息毛額"),
            ExportField("Tax_Withheld", "amount", "扣繳稅款"),
            ExportField("Remitted_Interest", "amount", "繳庫的孳息"),
            ExportField("Remitted_Surplus", "amount", "繳庫的結餘款"),
            ExportField("Months", "text", "對應的月份"),
            ExportField("Source_Location", "text", "帳本的檔案與行號"),
        ),
        _movements,
    ),
    ExportTable(
        "Grant_Month_Close",
        "月結",
        (
            ExportField("Month", "text", "月份"),
            ExportField("Close_Date", "date", "月結日"),
            ExportField("Entitlement", "amount", "累計應計補助款"),
            ExportField("Withdrawable", "amount", "可提領"),
            ExportField("Previous_Digest", "text", "前一次月結的摘要值"),
            ExportField("Digest", "text", "本次月結的摘要值"),
        ),
        _closes,
    ),
    ExportTable(
        "Audit_Finding",
        "查核意見的最近狀態",
        (
            ExportField("Finding_ID", "text", "編號"),
            ExportField("Finding_Date", "date", "日期"),
            ExportField("Invoice_Number", "text", "憑證號碼"),
            ExportField("Check", "text", "檢核項目"),
            ExportField(
                "State", "text", "open 待說明、parked 待補正、replied 已回覆、disallowed 剔除、accepted 同意"
            ),
            ExportField("Declared_Amount", "amount", "申報"),
            ExportField("Deducted_Amount", "amount", "剔除"),
            ExportField("Comment", "text", "意見"),
            ExportField("Entered_By", "text", "查核人"),
            ExportField("Clause", "text", "依據條款"),
            ExportField("Reply", "text", "業者回覆"),
            ExportField("Reply_By", "text", "回覆人"),
            ExportField("Reply_Date", "date", "回覆日期"),
            ExportField("Reviewed_By", "text", "複核人"),
            ExportField("Review_Date", "date", "複核日期"),
            ExportField("Error_Type", "text", "錯誤類型,見 ledger.model.error_types"),
            ExportField("Reply_Due", "date", "回覆期限"),
        ),
        _findings,
    ),
    ExportTable(
        "Audit_Sample",
        "登錄的抽樣,一列一次;同一母體、方法、件數與種子可以抽出同樣的憑證",
        (
            ExportField("Sample_ID", "text", "編號"),
            ExportField("Sample_Date", "date", "日期"),
            ExportField("Method", "text", "方法(risk 依風險、random 隨機、monetary 金額單位)"),
            ExportField("Seed", "text", "亂數種子"),
            ExportField("Size", "whole", "抽樣件數"),
            ExportField("Population_Digest", "text", "母體摘要"),
            ExportField("Vouchers", "text", "抽出的憑證,以空白分隔"),
            ExportField("Drawn_By", "text", "查核人"),
            ExportField("Reason", "text", "理由"),
        ),
        _samples,
    ),
    ExportTable(
        "Grant_Settlement",
        "匯出當日的結算,各科目上限之後、補助比率之前",
        (
            ExportField("Budget_Category", "text", "預算科目代號"),
            ExportField("Budget_Category_Name", "text", "預算科目"),
            ExportField("Approved_Government", "amount", "核定補助款"),
            ExportField("Approved_Self", "amount", "核定自籌款"),
            ExportField("Accepted_Amount", "amount", "認列"),
            ExportField("Disallowed_Amount", "amount", "剔除"),
            ExportField("Government_Amount", "amount", "補助款"),
            ExportField("Self_Amount", "amount", "自籌款"),
        ),
        _settlement,
    ),
)
