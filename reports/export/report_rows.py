"""What a form of the authority asks for, row by row: the case's head, the cost by voucher, the settlement's sums."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from decimal import Decimal

from ledger.case.case import Case
from ledger.case.settlement import NoAwardError
from ledger.schemes.categories import category_leaf
from ledger.schemes.categories import category_name
from ledger.schemes.categories import kind_of
from reports.data.cost_rows import Pay
from reports.data.cost_rows import detail_rows
from reports.data.tables import settlement_tables
from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.dataset import Rows
from reports.export.general_ledger import journal_ids
from reports.labels import voucher_kind

# what a voucher may say beside its amounts, by its key
_SAID = {
    "journal": ("Accounting_Voucher_Number", "傳票號碼"),
    "invoice-item": ("Invoice_Item", "發票品名"),
    "proof": ("Payment_Proof", "付款憑證"),
    "proof-number": ("Payment_Proof_Number", "付款憑證號碼"),
    "serial": ("Serial_Number", "序號(機號)"),
    "asset-number": ("Asset_Number", "財產編號"),
    "place": ("Place", "存放地點"),
    "contract": ("Contract", "合約編號"),
}


def _case(case: Case) -> Rows:
    award = case.award
    if award is None:
        return
    account = award.dedicated_account
    numbers = {milestone.kind: milestone.number for milestone in case.milestones}
    yield (
        award.id,
        award.title,
        case.scheme.name if case.scheme else award.scheme,
        case.scheme.authority if case.scheme else "",
        award.company,
        award.ubn,
        award.representative,
        award.address,
        award.telephone,
        numbers.get("approval", ""),
        numbers.get("signing", ""),
        award.filed,
        award.start,
        award.end,
        case.as_of,
        account.bank if account else "",
        account.number if account else "",
    )


def _detail(case: Case) -> Rows:
    ids = journal_ids(case)
    for row in detail_rows(case):
        pay = row.pay or Pay("", None, None, None)
        yield (
            ids[id(row.entry)],
            row.party,
            row.category,
            category_name(row.category),
            category_leaf(row.category) or row.category,
            row.booked,
            row.date,
            row.number,
            row.kind,
            voucher_kind(row.kind),
            row.supplier,
            row.item,
            None if row.quantity is None else Decimal(row.quantity),
            row.unit,
            row.brand,
            row.model,
            row.origin,
            row.claimed,
            row.disallowed,
            row.parked,
            row.accepted,
            row.paid[-1] if row.paid else None,
            pay.role,
            None if pay.salary is None else int(pay.salary),
            None if pay.hours is None else Decimal(pay.hours),
            None if pay.total_hours is None else Decimal(pay.total_hours),
            _person_months(pay),
            *(str(row.said.get(key) or "") for key in _SAID),
            kind_of(row.category),
        )


def _person_months(pay: Pay) -> Decimal | None:
    if pay.hours is None or not pay.total_hours:
        return None
    return (pay.hours / pay.total_hours).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _sums(case: Case) -> Rows:
    try:
        tables = settlement_tables(case, "final")
    except NoAwardError:
        return
    whole, flows = tables.settled.whole, tables.settled.whole.flows
    yield (
        whole.approved_government,
        whole.approved_self,
        whole.accepted,
        sum(line.disallowed for line in whole.categories),
        sum(tables.settled.parked.values()),
        whole.recognised_government,
        whole.recognised_self,
        whole.binding,
        flows.received,
        flows.withdrawn,
        tables.withdrawable,
        flows.deductions,
        whole.tail_payment,
        flows.interest_gross,
        flows.tax_withheld,
        whole.surplus,
        flows.remitted,
        whole.due_to_treasury,
    )


TABLES = (
    ExportTable(
        "Grant_Case",
        "案件,只有一列",
        (
            ExportField("Case_ID", "text", "計畫編號"),
            ExportField("Title", "text", "計畫名稱"),
            ExportField("Scheme_Name", "text", "補助計畫別"),
            ExportField("Authority", "text", "主辦機關"),
            ExportField("Company_Name", "text", "受補助單位"),
            ExportField("Company_TIN", "text", "統一編號"),
            ExportField("Representative", "text", "負責人"),
            ExportField("Address", "text", "地址"),
            ExportField("Telephone", "text", "電話"),
            ExportField("Approval_Number", "text", "核定文號(里程碑 approval)"),
            ExportField("Contract_Number", "text", "契約編號(里程碑 signing)"),
            ExportField("Filing_Date", "date", "線上申請收件日"),
            ExportField("Start_Date", "date", "計畫開始日"),
            ExportField("End_Date", "date", "計畫結束日"),
            ExportField("As_Of", "date", "資料截止日"),
            ExportField("Bank_Name", "text", "專戶的銀行"),
            ExportField("Bank_Account_Number", "text", "專戶的帳號"),
        ),
        _case,
    ),
    ExportTable(
        "Grant_Cost_Detail",
        "經費支用明細,一列一張憑證在一個科目的一項;依入帳順序",
        (
            ExportField("Journal_ID", "text", "分錄序號,見 GL_Detail"),
            ExportField("Party_TIN", "text", "受補助單位統一編號"),
            ExportField("Budget_Category", "text", "預算科目代號"),
            ExportField("Budget_Category_Name", "text", "預算科目"),
            ExportField("Budget_Category_Number", "text", "預算科目,前面有表單上的序號"),
            ExportField("Effective_Date", "date", "入帳日"),
            ExportField("Voucher_Date", "date", "憑證日期"),
            ExportField("Voucher_Number", "text", "憑證號碼"),
            ExportField("Document_Type", "text", "憑證種類,見 Invoices_Received"),
            ExportField("Document_Type_Name", "text", "憑證種類的中文名稱"),
            ExportField("Supplier_Name", "text", "供應商;薪資清冊為姓名"),
            ExportField("Line_Description", "text", "品名"),
            ExportField("Quantity", "number", "數量"),
            ExportField("Unit_Of_Measure", "text", "單位"),
            ExportField("Brand", "text", "廠牌"),
            ExportField("Model", "text", "型號"),
            ExportField("Origin", "text", "產地"),
            ExportField("Claimed_Amount", "amount", "申報的未稅金額"),
            ExportField("Disallowed_Amount", "amount", "剔除"),
            ExportField("Parked_Amount", "amount", "待補正"),
            ExportField("Accepted_Amount", "amount", "認列"),
            ExportField("Payment_Date", "date", "付款日期(最後一次)"),
            ExportField("Role", "text", "職稱(薪資清冊)"),
            ExportField("Salary", "amount", "月薪(薪資清冊)"),
            ExportField("Project_Hours", "number", "專案工時(薪資清冊)"),
            ExportField("Total_Hours", "number", "總工時(薪資清冊)"),
            ExportField("Person_Months", "number", "投入人月:專案工時÷總工時,四捨五入到小數四位"),
            *(ExportField(name, "text", meaning) for name, meaning in _SAID.values()),
            ExportField("Budget_Category_Kind", "text", "科目比照哪一種處理(補助計畫別的 kind);空白為一般採購"),
        ),
        _detail,
    ),
    ExportTable(
        "Grant_Settlement_Total",
        "匯出當日的結算合計,只有一列",
        (
            ExportField("Approved_Government", "amount", "核定補助款"),
            ExportField("Approved_Self", "amount", "核定自籌款"),
            ExportField("Accepted_Amount", "amount", "認列支出"),
            ExportField("Disallowed_Amount", "amount", "剔除"),
            ExportField("Parked_Amount", "amount", "待補正"),
            ExportField("Recognised_Government", "amount", "認列補助款"),
            ExportField("Recognised_Self", "amount", "認列自籌款"),
            ExportField("Binding_Limit", "text", "生效的限制(category 科目上限、ratio 比率、approved 核定數、none 無)"),
            ExportField("Received_Amount", "amount", "已撥付"),
            ExportField("Withdrawn_Amount", "amount", "已提領"),
            ExportField("Withdrawable_Amount", "amount", "可自專戶提領"),
            ExportField("Deduction_Amount", "amount", "績效扣款"),
            ExportField("Tail_Payment", "amount", "尾款;負數為應繳回"),
            ExportField("Interest_Gross", "amount", "孳息毛額"),
            ExportField("Tax_Withheld", "amount", "利息扣繳稅款"),
            ExportField("Surplus_Amount", "amount", "結餘款"),
            ExportField("Remitted_Amount", "amount", "已繳國庫"),
            ExportField("Due_To_Treasury", "amount", "尚應繳國庫"),
        ),
        _sums,
    ),
)  # fmt: skip
