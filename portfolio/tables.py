"""The tables of the portfolio's index, with what each column says; docs/portfolio.md is made from this.

Amounts are whole NT$ (BIGINT), dates are dates, `path` is the case's folder below the portfolio's.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """A column: its name, its DuckDB type, and what it says."""

    name: str
    kind: str
    says: str


_PATH = Column("path", "VARCHAR", "案件資料夾(從索引所在的資料夾起算)")
_FILE = Column("file", "VARCHAR", "帳本檔(從案件資料夾起算)")
_LINE = Column("line", "INTEGER", "在該檔的第幾行")

TABLES: dict[str, tuple[Column, ...]] = {
    "index_state": (
        _PATH,
        Column("facts_key", "VARCHAR", "案件各檔內容的摘要與程式版本"),
        Column("findings_key", "VARCHAR", "同上,加上查核結果的基準日"),
        Column("stamp", "VARCHAR", "各檔名稱、大小、時間的摘要;檔案才剛寫入時空白"),
        Column("broken", "VARCHAR", "讀不懂的原因;讀得懂時空白"),
    ),
    "cases": (
        _PATH,
        Column("case_id", "VARCHAR", "案號"),
        Column("scheme", "VARCHAR", "計畫別"),
        Column("company", "VARCHAR", "主導公司名稱"),
        Column("ubn", "VARCHAR", "其統一編號"),
        Column("title", "VARCHAR", "計畫名稱"),
        Column("asked", "DATE", "申請日;未載明時為計畫起日"),
        Column("starts", "DATE", "計畫起日"),
        Column("ends", "DATE", "計畫迄日"),
        _FILE,
        _LINE,
        Column("as_of", "DATE", "金額與查核結果的基準日"),
        Column("approved_government", "BIGINT", "核定補助款"),
        Column("approved_self", "BIGINT", "核定自籌款"),
        Column("accepted", "BIGINT", "認列經費"),
        Column("recognised", "BIGINT", "結算認列的補助款"),
        Column("received", "BIGINT", "已撥補助款"),
        Column("withdrawn", "BIGINT", "已動支補助款"),
        Column("due_to_treasury", "BIGINT", "尚應繳還的孳息與結餘"),
        Column("parked", "BIGINT", "暫緩認列、等查核決定的經費"),
        Column("disallowed", "BIGINT", "查核不予認列的經費"),
        Column("claims", "INTEGER", "報支憑證張數"),
        Column("judged", "INTEGER", "查核有意見的憑證張數"),
        Column("audit_findings", "INTEGER", "查核意見件數"),
        Column("errors", "INTEGER", "檢查發現的錯誤數"),
        Column("warnings", "INTEGER", "檢查發現的提醒數"),
        Column("at_stake", "BIGINT", "錯誤所涉金額合計"),
        Column("closed_through", "VARCHAR", "最後結帳的月份"),
        Column("month_to_close", "VARCHAR", "下一個要結帳的月份;都結了或不必結時空白"),
    ),
    "categories": (
        _PATH,
        Column("category", "VARCHAR", "會計科目"),
        Column("vouchers", "INTEGER", "報支本科目的憑證張數"),
        Column("claimed", "BIGINT", "報支金額"),
        Column("decided", "INTEGER", "查核已有決定的憑證張數"),
        Column("decided_cost", "BIGINT", "這些憑證的報支金額"),
        Column("wrong", "INTEGER", "有金額不予認列的憑證張數"),
        Column("disallowed", "BIGINT", "不予認列金額"),
    ),
    "parties": (
        _PATH,
        Column("ubn", "VARCHAR", "統一編號"),
        Column("name", "VARCHAR", "公司名稱"),
        Column("representative", "VARCHAR", "負責人"),
        Column("approved", "BIGINT", "核定給它的補助款"),
        Column("is_lead", "BOOLEAN", "是否為主導公司"),
    ),
    "claims": (
        _PATH,
        Column("key", "VARCHAR", "同一張憑證不論記在何案都相同"),
        Column("label", "VARCHAR", "憑證的稱呼"),
        Column("number", "VARCHAR", "比對用的號碼"),
        Column("dated", "DATE", "憑證日期"),
        Column("seller", "VARCHAR", "賣方統一編號"),
        Column("seller_name", "VARCHAR", "賣方名稱(全形、大小寫統一後)"),
        Column("net", "BIGINT", "整張憑證的未稅金額"),
        Column("tax", "BIGINT", "其稅額"),
        Column("company", "VARCHAR", "由哪一家公司報支(統一編號)"),
        Column("cost", "BIGINT", "報支金額"),
        Column("papers", "VARCHAR[]", "所附檔案的 SHA-256"),
        Column("booked", "DATE", "入帳日"),
        _FILE,
        _LINE,
    ),
    "plans": (
        _PATH,
        Column("person", "VARCHAR", "姓名(全形、大小寫統一後)"),
        Column("name", "VARCHAR", "姓名"),
        Column("company", "VARCHAR", "統一編號"),
        Column("months", "DECIMAL(9,3)", "核定人月"),
        Column("other_months", "DECIMAL(9,3)", "在其他政府計畫的人月"),
        _FILE,
        _LINE,
    ),
    "work": (
        _PATH,
        Column("person", "VARCHAR", "姓名(全形、大小寫統一後)"),
        Column("name", "VARCHAR", "姓名"),
        Column("company", "VARCHAR", "統一編號"),
        Column("month", "VARCHAR", "工作月份"),
        Column("effort_numerator", "BIGINT", "投入比例的分子"),
        Column("effort_denominator", "BIGINT", "投入比例的分母"),
        Column("number", "VARCHAR", "薪資憑證號碼"),
        Column("cost", "BIGINT", "報支金額"),
        Column("booked", "DATE", "入帳日"),
        _FILE,
        _LINE,
    ),
    "payees": (
        _PATH,
        Column("account", "VARCHAR", "對方帳號(只有數字)"),
        Column("name", "VARCHAR", "付款時的戶名(全形、大小寫統一後)"),
        Column("number", "VARCHAR", "所付的憑證;收入時空白"),
        Column("amount", "BIGINT", "付款金額;收入為負"),
        Column("dated", "DATE", "付款日"),
    ),
    "findings": (
        _PATH,
        Column("check", "VARCHAR", "檢查名稱"),
        Column("severity", "VARCHAR", "error 錯誤、warning 提醒"),
        Column("dated", "DATE", "分錄日期"),
        _FILE,
        _LINE,
        Column("message", "VARCHAR", "內容"),
        Column("amount", "BIGINT", "所涉金額"),
        Column("voucher", "VARCHAR", "憑證號碼"),
    ),
    "audit_findings": (
        _PATH,
        Column("id", "VARCHAR", "查核意見編號"),
        Column("voucher", "VARCHAR", "憑證號碼"),
        Column("seller", "VARCHAR", "賣方統一編號"),
        Column("seller_name", "VARCHAR", "賣方名稱"),
        Column("item", "VARCHAR", "品名,一行一項"),
        Column("state", "VARCHAR", "open 待釐清、parked 暫緩、disallowed 不予認列、accepted 認列"),
        Column("declared", "BIGINT", "報支金額"),
        Column("deducted", "BIGINT", "不予認列金額"),
        Column("clause", "VARCHAR", "依據條文"),
        Column("comment", "VARCHAR", "查核意見"),
        Column("dated", "DATE", "意見日期"),
    ),
    "cross_findings": (
        Column("id", "VARCHAR", "疑點編號;同一疑點每次相同"),
        Column("check", "VARCHAR", "檢查名稱"),
        Column("severity", "VARCHAR", "error 錯誤、warning 提醒"),
        Column("path", "VARCHAR", "報支在後的案件資料夾"),
        Column("cases", "VARCHAR[]", "所涉各案的資料夾"),
        Column("dated", "DATE", "分錄日期"),
        Column("message", "VARCHAR", "內容"),
        Column("amount", "BIGINT", "所涉金額"),
        Column("voucher", "VARCHAR", "憑證號碼"),
        Column("subject", "VARCHAR", "同一檢查、同樣案件的多個疑點以此區分"),
    ),
    "cross_state": (
        Column("cases_key", "VARCHAR", "跨案疑點所依據各案的摘要"),
        Column("language", "VARCHAR", "疑點所用語言"),
    ),
}
MEANINGS = {
    "index_state": "每案一列:索引是依據案件的什麼內容做的,讀不讀得懂",
    "cases": "讀得懂的案件,每案一列",
    "categories": "每案每一會計科目的報支與查核結果",
    "parties": "主導公司與合作公司",
    "claims": "報支的憑證;跨案比對的依據",
    "plans": "核定的人員與人月",
    "work": "薪資憑證報支的人月",
    "payees": "付款給誰、從哪裡收款",
    "findings": "單案檢查的結果",
    "audit_findings": "查核人員的意見",
    "cross_findings": "跨案比對的疑點",
    "cross_state": "跨案疑點是依據哪些案件做的;只有一列",
}
PARTS = (
    "cases",
    "categories",
    "parties",
    "claims",
    "plans",
    "work",
    "payees",
    "findings",
    "audit_findings",
)  # of one case each row, by its path


def create_statement(table: str) -> str:
    """The SQL that makes a table where there is none."""
    columns = ", ".join(f'"{column.name}" {column.kind}' for column in TABLES[table])
    return f'CREATE TABLE IF NOT EXISTS "{table}" ({columns})'
