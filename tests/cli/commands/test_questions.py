"""`grant questions` and `grant answer`, from files to books: what is answered once is asked no more."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import grant
from ledger.loading.loader import load_case
from tests.cli.desk import HEAD
from tests.cli.desk import award_text

AWARD = award_text("112-試作-0007", {"consumables": "試作軸承"}, self_funded=110_000, end="2024-05-31")
DOUBTFUL = "112/06/10,統一發票,QZ10000001,04595257,試作五金行,試做軸乘,2,個,10000,500,,,匯款,\n"
RECEIPT = "112/06/12,收據,收0912,,試作文具行,試作軸承,1,個,{net},0,,112/06/12,現金,\n"
BANK = "帳號:100200300400\n交易日期,摘要,支出,存入,餘額\n2023/06/05,期初,,{first},{first}\n2023/07/05,{words},{out},,{rest}\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    award = tmp_path / "award.toml"
    award.write_text(AWARD, encoding="utf-8")
    folder = tmp_path / "case"
    assert run("new", folder, "--award", award)[0] == 0
    return folder


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(grant, [str(word) for word in words])
    return result.exit_code, result.output


def said(*words: object) -> Any:
    code, output = run(*words, "--json")
    assert code == 0, output
    return json.loads(output)


def put(folder: Path, name: str, text: str) -> dict[str, Any]:
    (folder / "inbox" / name).write_text(text, encoding="utf-8")
    return said("import", folder)  # type: ignore[no-any-return]


def questions(folder: Path) -> list[dict[str, Any]]:
    return said("questions", folder)["questions"]  # type: ignore[no-any-return]


def cost(folder: Path) -> int:
    return sum(voucher.cost for voucher in load_case(folder).case.vouchers)


def test_a_voucher_gets_its_approved_item(case: Path) -> None:
    report = put(case, "憑證登記表.csv", HEAD + DOUBTFUL)
    (question,) = questions(case)
    assert report["unmatched"][0]["question"] == question["id"]
    assert question["kind"] == "voucher"
    assert question["choices"][0] == {
        "answer": "item",
        "label": "試作軸承",
        "why": "品名相近",
        "item": "試作軸承",
    }
    assert set(question) == {"id", "kind", "file", "record", "date", "amount", "text", "choices"}
    told = said("answer", case, question["id"], "item", "--item", "試作軸承")
    assert told["entitlement"] == [{"month": "2023-06", "before": 0, "after": 4761}]
    assert (questions(case), cost(case)) == ([], 10000)


def test_a_remembered_answer_decides_the_next_one(case: Path) -> None:
    put(case, "憑證登記表.csv", HEAD + DOUBTFUL)
    said("answer", case, questions(case)[0]["id"], "item", "--item", "試作軸承", "--remember")
    put(case, "七月.csv", HEAD + DOUBTFUL.replace("112/06/10", "112/07/10").replace("0001", "0002"))
    assert questions(case) == []
    assert [v.lines[0].item for v in load_case(case).case.vouchers] == ["試作軸承", "試作軸承"]


def test_what_was_answered_is_not_asked_again_when_its_file_comes_again(case: Path) -> None:
    put(case, "憑證登記表.csv", HEAD + DOUBTFUL)
    said("answer", case, questions(case)[0]["id"], "item", "--item", "試作軸承")
    report = put(case, "另存.csv", HEAD + DOUBTFUL + RECEIPT.format(net=700))
    assert (report["imported"], report["duplicates"], questions(case)) == (1, 1, [])


@pytest.mark.parametrize(
    ("word", "expected"), [("replace", [6000]), ("keep-both", [5000, 6000]), ("ignore", [5000])]
)
def test_a_changed_row_is_a_conflict(case: Path, word: str, expected: list[int]) -> None:
    put(case, "憑證登記表.csv", HEAD + RECEIPT.format(net=5000))
    put(case, "改過.csv", HEAD + RECEIPT.format(net=6000))
    (question,) = questions(case)
    assert question["kind"] == "conflict"
    assert cost(case) == 5000
    said("answer", case, question["id"], word)
    assert [voucher.net for voucher in load_case(case).case.vouchers] == expected
    assert questions(case) == []
    assert said("import", case)["imported"] == 0
    assert list((case / "inbox").iterdir()) == []


def test_an_answer_is_undone(case: Path) -> None:
    put(case, "憑證登記表.csv", HEAD + RECEIPT.format(net=5000))
    put(case, "改過.csv", HEAD + RECEIPT.format(net=6000))
    (question,) = questions(case)
    said("answer", case, question["id"], "replace")
    said("undo", case)
    assert questions(case) == [question]
    assert cost(case) == 5000


def test_a_picture_finds_its_voucher(case: Path) -> None:
    put(case, "憑證登記表.csv", HEAD + RECEIPT.format(net=5000))
    (case / "inbox" / "照片.jpg").write_bytes(b"\xff\xd8 invented")
    said("import", case)
    (question,) = questions(case)
    assert question["kind"] == "document"
    said("answer", case, question["id"], "attach", "--voucher", "收0912")
    (voucher,) = load_case(case).case.vouchers
    assert voucher.document == "2023-06-12.照片.jpg"
    assert [path.name for path in (case / "documents").rglob("*照片.jpg")] == ["2023-06-12.照片.jpg"]
    assert "照片.jpg" in (case / "documents/SHA256SUMS").read_text(encoding="utf-8")
    assert list((case / "inbox").iterdir()) == []


def test_a_line_of_the_dedicated_account_is_a_fee(case: Path) -> None:
    put(case, "專戶.csv", BANK.format(first=100000, words="雜項", out=30, rest=99970))
    lines = [question for question in questions(case) if question["kind"] == "bank-line"]
    question = next(question for question in lines if question["amount"] == -30)
    assert "fee" in {choice["answer"] for choice in question["choices"]}
    said("answer", case, question["id"], "fee")
    assert "fee" in {movement.kind for movement in load_case(case).case.movements}
    assert question["id"] not in {left["id"] for left in questions(case)}


@pytest.mark.parametrize(
    ("words", "says"),
    [(("nonsense", "take"), "grant questions"), (("ID", "take"), "item"), (("ID", "item"), "--item")],
)
def test_what_cannot_be_answered_is_told(case: Path, words: tuple[str, str], says: str) -> None:
    put(case, "憑證登記表.csv", HEAD + DOUBTFUL)
    (question,) = questions(case)
    before = (case / "books/2023-06.beancount").read_bytes()
    code, output = run("answer", case, question["id"] if words[0] == "ID" else words[0], words[1])
    assert (code, says in output) == (2, True)
    assert (case / "books/2023-06.beancount").read_bytes() == before


def test_a_case_without_questions(case: Path) -> None:
    assert questions(case) == []
    shutil.rmtree(case / "inbox")
    assert run("questions", case)[0] == 0


def test_an_answer_that_an_approved_item_outweighs_says_so(case: Path) -> None:
    """The row now names another category; the approved item decides all the same."""
    row = "112/06/10,統一發票,QZ10000001,04595257,試作五金行,試作軸承,2,個,10000,500,{category},,匯款,\n"
    for name, category in (("a.csv", "消耗性器材及原材料費"), ("b.csv", "既有設備之改善費")):
        (case / "inbox" / name).write_text(HEAD + row.format(category=category), encoding="utf-8")
        run("import", case)
    (question,) = json.loads(run("questions", case, "--json")[1])["questions"]
    assert "仍依核定科目入帳" in question["text"]
    code, said = run("answer", case, question["id"], "replace")
    assert (code, "依核定科目入帳" in said) == (0, True)
    (voucher,) = load_case(case).case.vouchers
    assert [line.category for line in voucher.lines] == ["consumables"]


def test_what_an_operation_shows_before_leaves_out_papers_that_go_with_it(case: Path) -> None:
    xml = """<Invoice xmlns="urn:GEINV:eInvoiceMessage:F0401:4.1"><Main><InvoiceNumber>QZ10000001</InvoiceNumber>
<InvoiceDate>20230610</InvoiceDate><InvoiceTime>10:00:00</InvoiceTime><Seller><Identifier>04595257</Identifier>
<Name>試作五金行</Name></Seller><Buyer><Identifier>12345675</Identifier></Buyer><InvoiceType>07</InvoiceType></Main>
<Details><ProductItem><Description>試作軸承</Description><Quantity>1</Quantity><UnitPrice>100</UnitPrice>
<Amount>100</Amount></ProductItem></Details><Amount><SalesAmount>100</SalesAmount><TaxType>1</TaxType>
<TaxRate>0.05</TaxRate><TaxAmount>5</TaxAmount><TotalAmount>105</TotalAmount></Amount></Invoice>"""
    (case / "inbox" / "a.xml").write_text(xml, encoding="utf-8")
    run("import", case)
    for command in (("undo", case), ("remove", case, "QZ10000001", "--reason", "不是本案")):
        said = run(*command, "--dry-run")[1]
        assert "將消失" in said
        assert "卻沒有憑證" not in said
