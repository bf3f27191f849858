"""The data dictionary, made from the tables themselves: `python -m reports.export.dictionary`."""

from __future__ import annotations

from pathlib import Path

from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.tables import TABLES

PATH = Path(__file__).parents[2] / "docs" / "data-dictionary.md"

_HEAD = """# 資料字典

`grant export CASE --format csv|parquet|json -o DIR` 產生的各表。由程式產生(`python -m reports.export.dictionary`),請勿手改。

名稱與形狀參照 AICPA Audit Data Standards(ADS)與 ISO 21378:2019,未經其機構檢定;「參照」一欄空白者為本程式自有的欄位。
金額單位為新臺幣元。csv 為 UTF-8(有 BOM),會被試算表當成公式的文字前面加一個撇號(`'`);json 與 parquet 的文字照原樣。
`manifest.json` 記載案件、資料日、程式版本與各檔的列數及 SHA-256。

在 Python 裡,`reports.data.frames(case)` 給出同樣的各表(pandas DataFrame):`text` 為 string、`date` 為 datetime64[s]、
`amount` 與 `whole` 為 Int64、`number` 為 Decimal;沒有浮點數。

許多案件的索引(`portfolio.duckdb`)各表見[許多案件的索引](portfolio.md)。

Tables are aligned with the names and shapes of the AICPA Audit Data Standards and ISO 21378:2019; no conformance is
claimed. Amounts are in NT$; debits are positive.

種類:`text` 文字、`date` 日期(ISO 8601)、`amount` 金額、`number` 小數、`whole` 整數。
"""


def dictionary() -> str:
    """The whole document."""
    return _HEAD + "".join(_section(table) for table in TABLES)


def _section(table: ExportTable) -> str:
    rows = "".join(_line(field) for field in table.fields)
    return f"\n## {table.name}\n\n{table.meaning}\n\n| 欄位 | 種類 | 說明 | 參照 |\n|---|---|---|---|\n{rows}"


def _line(field: ExportField) -> str:
    return f"| `{field.name}` | {field.kind} | {field.meaning} | {field.after} |\n"


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(dictionary(), encoding="utf-8")
