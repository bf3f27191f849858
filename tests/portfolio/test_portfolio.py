"""A portfolio of invented cases: indexed, checked across, sampled, compared, reported."""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from audit.evaluation import rate_limit
from cli.main import grant
from ledger.errors import GrantError
from ledger.loading.loader import load_case
from ledger.util.i18n import speaking
from portfolio import FILE
from portfolio.blind import compare
from portfolio.blind import write_fingerprints
from portfolio.cross_checks import CrossFinding
from portfolio.cross_checks import cross_findings
from portfolio.crossed import kept
from portfolio.crossed import up_to_date
from portfolio.dismissals import dismiss
from portfolio.dismissals import read_dismissals
from portfolio.index import BusyIndexError
from portfolio.index import PortfolioError
from portfolio.index import reading
from portfolio.index import update_index
from portfolio.reporting.rates import error_rates
from portfolio.reporting.sampling import draw_portfolio
from portfolio.risk import rank
from portfolio.rules import read_rules
from portfolio.synthetic import PLANTS
from portfolio.synthetic import make_portfolio
from portfolio.tables import TABLES

DAY = datetime.date(2024, 7, 1)
_STAMP = 3  # the column of `index_state` that is empty while files are new


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases with each kind of fault planted once."""
    folder = tmp_path_factory.mktemp("planted")
    make_portfolio(folder, cases=40, vouchers=8, seed=7, plants=list(PLANTS))
    update_index(folder, day=DAY, jobs=1)
    return folder


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    folder = tmp_path / "clean"
    make_portfolio(folder, cases=6, vouchers=6, seed=11)
    return folder


def found_in(folder: Path) -> list[CrossFinding]:
    with reading(folder) as connection:
        return cross_findings(connection, folder)


# --- what the checks find ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", PLANTS)
def test_a_planted_fault_is_found_in_the_cases_it_is_in(planted: Path, kind: str, tmp_path: Path) -> None:
    expected = make_portfolio(tmp_path, cases=40, vouchers=1, seed=7, plants=list(PLANTS))
    plant = next(plant for plant in expected if plant.kind == kind)
    found = [f for f in found_in(planted) if f.check == plant.check and set(plant.cases) & set(f.cases)]
    assert found
    assert {path for finding in found for path in finding.cases} >= set(plant.cases)


def test_nothing_else_is_found(planted: Path, tmp_path: Path) -> None:
    plants = make_portfolio(tmp_path, cases=40, vouchers=1, seed=7, plants=list(PLANTS))
    assert {finding.check for finding in found_in(planted)} == {plant.check for plant in plants}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_clean_cases_are_silent(tmp_path: Path, seed: int) -> None:
    make_portfolio(tmp_path, cases=12, vouchers=6, seed=seed)
    update_index(tmp_path, day=DAY, jobs=1)
    assert found_in(tmp_path) == []


# --- the index -----------------------------------------------------------------------------------------


def test_only_what_changed_is_read_again(clean: Path) -> None:
    first = update_index(clean, day=DAY, jobs=1)
    assert (first.cases, first.read, first.unchanged, first.broken) == (6, 6, 0, [])
    assert update_index(clean, day=DAY, jobs=1).read == 0
    book = next((clean / "case-00003" / "books").iterdir())
    book.write_text(book.read_text(encoding="utf-8") + "; 註記\n", encoding="utf-8")
    assert update_index(clean, day=DAY, jobs=1).read == 1
    assert update_index(clean, day=DAY + datetime.timedelta(days=1), jobs=1).read == 6


def test_processes_give_the_same_index(clean: Path) -> None:
    update_index(clean, day=DAY, jobs=1)
    alone = rows_of(clean)
    (clean / FILE).unlink()
    update_index(clean, day=DAY, jobs=2)
    assert rows_of(clean) == alone


def rows_of(folder: Path) -> dict[str, list[str]]:
    """Every row of the index, by table, whatever order they were put in."""
    with reading(folder) as connection:
        rows = {table: connection.table(table).fetchall() for table in TABLES}
    rows["index_state"] = [(*row[:_STAMP], *row[_STAMP + 1 :]) for row in rows["index_state"]]
    return {table: sorted(map(str, each)) for table, each in rows.items()}


def test_a_broken_case_is_told_and_the_others_are_there(clean: Path) -> None:
    (clean / "case-00002" / "award.beancount").write_text("這不是帳本\n", encoding="utf-8")
    (clean / "empty").mkdir()
    (clean / "empty" / "main.beancount").write_text('option "title" "空"\n', encoding="utf-8")
    indexed = update_index(clean, day=DAY, jobs=1)
    assert [each.case for each in indexed.broken] == ["case-00002", "empty"]
    assert all(each.reason for each in indexed.broken)
    with reading(clean) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (5,)


def test_a_case_that_went_is_forgotten(clean: Path) -> None:
    update_index(clean, day=DAY, jobs=1)
    (clean / "case-00001").rename(clean.parent / "elsewhere")
    assert update_index(clean, day=DAY, jobs=1).cases == 5
    with reading(clean) as connection:
        assert connection.execute("SELECT count(*) FROM claims WHERE path = 'case-00001'").fetchone() == (0,)


def test_stopped_half_way_the_next_run_goes_on(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portfolio.index._BATCH", 2)

    def stop(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_index(clean, day=DAY, jobs=1, progress=stop)
    assert update_index(clean, day=DAY, jobs=1).read == 2


def test_no_index_and_no_folder_are_told(clean: Path, tmp_path: Path) -> None:
    with pytest.raises(PortfolioError, match="grant portfolio index"), reading(clean):
        pass
    with pytest.raises(PortfolioError, match="不是資料夾"):
        update_index(tmp_path / "nowhere")
    (clean / FILE).write_bytes(b"not a database")
    with pytest.raises(PortfolioError, match="打不開"):
        update_index(clean, day=DAY, jobs=1)


def test_cases_below_folders_are_found_and_links_are_not_followed(clean: Path, tmp_path: Path) -> None:
    (clean / "113").mkdir()
    (clean / "case-00001").rename(clean / "113" / "case-00001")
    make_portfolio(tmp_path / "other", cases=1, vouchers=1, seed=5)
    (clean / "link").symlink_to(tmp_path / "other")
    indexed = update_index(clean, day=DAY, jobs=1)
    assert (indexed.cases, indexed.broken) == (6, [])
    with reading(clean) as connection:
        paths = [row[0] for row in connection.execute("SELECT path FROM cases ORDER BY path").fetchall()]
    assert paths[0] == "113/case-00001"


def test_anybody_reads_the_index_with_duckdb(planted: Path) -> None:
    with duckdb.connect(str(planted / FILE), read_only=True) as connection:
        frame = connection.execute("SELECT company, accepted FROM cases ORDER BY accepted DESC").df()
    assert len(frame) == 40


def test_an_index_of_another_version_is_made_anew_and_told(clean: Path) -> None:
    update_index(clean, day=DAY, jobs=1)
    with duckdb.connect(str(clean / FILE)) as connection:
        connection.execute("ALTER TABLE cases DROP COLUMN judged")
    with pytest.raises(PortfolioError, match="別的版本"), reading(clean):
        pass
    assert update_index(clean, day=DAY, jobs=1).read == 6
    with reading(clean) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (6,)


def test_findings_across_are_kept_until_a_case_changes(
    planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = up_to_date(planted)
    with reading(planted) as connection:
        assert kept(connection) == (found, True)
    with monkeypatch.context() as only:
        only.setattr("portfolio.crossed.cross_findings", lambda *_args: pytest.fail("worked out again"))
        assert up_to_date(planted) == found
    with speaking("en"):
        assert [each.message for each in up_to_date(planted)] != [each.message for each in found]
    assert [each.id for each in up_to_date(planted)] == [each.id for each in found]
    book = next((planted / found[0].case / "books").iterdir())
    before = book.read_text(encoding="utf-8")
    book.write_text(before + "; 註記\n", encoding="utf-8")
    update_index(planted, day=DAY, jobs=1)
    with reading(planted) as connection:
        assert not kept(connection).is_current
    book.write_text(before, encoding="utf-8")
    update_index(planted, day=DAY, jobs=1)
    with reading(planted) as connection:
        assert kept(connection).is_current


def test_findings_across_are_told_where_the_index_cannot_be_written(
    planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextlib.contextmanager
    def busy(_folder: Path) -> Iterator[None]:
        raise BusyIndexError("busy")
        yield

    with speaking("en"):
        expected = found_in(planted)
        monkeypatch.setattr("portfolio.crossed.writing", busy)
        assert up_to_date(planted) == expected


def test_error_rates_count_what_was_decided_on(clean: Path) -> None:
    """Of case 1 a voucher is struck whole, one is accepted, one is open: two decided on, one wrong."""
    with_findings(clean / "case-00001", ("disallowed", "accepted", "open"))
    with_findings(clean / "case-00002", ("disallowed",), deducted=1)
    update_index(clean, day=DAY, jobs=1)
    with reading(clean) as connection:
        whole, consumables = error_rates(connection)
        (alone, _category) = error_rates(connection, {"case-00002"})
        struck = [
            row[0] for row in connection.execute("SELECT disallowed FROM cases ORDER BY path").fetchall()
        ]
        judged = [row[0] for row in connection.execute("SELECT judged FROM cases ORDER BY path").fetchall()]
    assert (whole.category, consumables.category) == ("", "consumables")
    assert whole[2:] == consumables[2:]
    assert (whole.cases, whole.vouchers, whole.decided, whole.wrong) == (6, 36, 3, 2)
    assert whole.disallowed == sum(struck)
    assert judged[:3] == [3, 1, 0]
    assert (alone.cases, alone.decided, alone.wrong, alone.disallowed) == (1, 1, 1, 1)
    assert alone.limit == Decimal(100)
    assert whole.limit == rate_limit(3, 2, 95)


def with_findings(case: Path, states: Sequence[str], deducted: int | None = None) -> None:
    """The auditor says something of the first vouchers of a case."""
    vouchers = load_case(case, DAY).case.vouchers
    taken = f"  deducted: {deducted} TWD\n" if deducted is not None else ""
    said = [
        f'2024-01-02 custom "grant-finding" "F-{place:03}"\n  voucher: "{voucher.number}"\n'
        f'  state: "{state}"\n{taken}  comment: "虛構意見"\n'
        for place, (voucher, state) in enumerate(zip(vouchers, states, strict=False), 1)
    ]
    (case / "audit.beancount").write_text("\n".join(said), encoding="utf-8")


# --- what people do with it ----------------------------------------------------------------------------


def test_a_dismissed_finding_stays_and_says_why(planted: Path, tmp_path: Path) -> None:
    (finding, *_rest) = found_in(planted)
    dismiss(tmp_path, finding.id, "兩案共用,已附分攤表", "虛構審查員", DAY)
    assert read_dismissals(tmp_path)[finding.id].reason == "兩案共用,已附分攤表"
    with pytest.raises(GrantError, match="已經排除"):
        dismiss(tmp_path, finding.id, "再一次", "", DAY)
    with pytest.raises(GrantError, match="理由"):
        dismiss(tmp_path, "other", " ", "", DAY)


def test_a_draw_is_drawn_again_from_its_record(planted: Path) -> None:
    with reading(planted) as connection:
        for method in ("monetary", "random", "stratified"):
            one = draw_portfolio(connection, method, 20, "12345678")
            assert one == draw_portfolio(connection, method, 20, "12345678")
            assert one.drawn != draw_portfolio(connection, method, 20, "87654321").drawn
        with pytest.raises(GrantError, match="種子"):
            draw_portfolio(connection, "random", 20, " ")


def test_agencies_compare_without_showing(tmp_path: Path) -> None:
    key = b"a shared secret of two agencies"
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    make_portfolio(ours, cases=3, vouchers=4, seed=21)
    make_portfolio(theirs, cases=1, vouchers=4, seed=21)  # its only case is our first one
    for folder in (ours, theirs):
        update_index(folder, day=DAY, jobs=1)
    with reading(theirs) as connection:
        assert write_fingerprints(connection, key, tmp_path / "prints.json") == 4
    said = (tmp_path / "prints.json").read_text(encoding="ascii")
    with reading(ours) as connection:
        hits = compare(connection, key, tmp_path / "prints.json")
        numbers = [row[0] for row in connection.execute("SELECT number FROM claims").fetchall()]
        assert compare(connection, b"another secret that is wrong", tmp_path / "prints.json") == []
    assert {hit.path for hit in hits} == {"case-00001"}
    assert not any(number in said for number in numbers)


def test_risk_is_told_with_its_reasons(planted: Path) -> None:
    with reading(planted) as connection:
        crossed = cross_findings(connection, planted)
        ranked = rank(connection, crossed, set(), read_rules())
        quiet = rank(connection, crossed, {finding.id for finding in crossed}, read_rules())
    assert ranked[0].points > ranked[-1].points
    assert all(risk.points == sum(reason.points for reason in risk.reasons) for risk in ranked)
    assert max(risk.points for risk in quiet) < ranked[0].points


def test_rules_of_one_s_own(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text("[risk]\nerror = 50\n", encoding="utf-8")
    assert read_rules(tmp_path)["risk"]["error"] == 50
    (tmp_path / "rules.toml").write_text("[risk]\nerrors = 50\n", encoding="utf-8")
    with pytest.raises(GrantError, match=r"risk\.errors"):
        read_rules(tmp_path)
    (tmp_path / "rules.toml").write_text("[risk]\nerror = true\n", encoding="utf-8")
    with pytest.raises(GrantError, match="數字"):
        read_rules(tmp_path)


def test_the_commands(planted: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    checked = run(grant, ["portfolio", "check", str(planted), "--json"])
    assert checked.exit_code == 1
    findings = json.loads(checked.output)["findings"]
    assert set(findings[0]) == {
        "id", "check", "severity", "case", "cases", "date", "message", "amount", "voucher", "dismissed",
    }  # fmt: skip
    done = run(grant, ["portfolio", "dismiss", str(planted), findings[0]["id"], "--reason", "已查明"])
    assert done.exit_code == 0
    again = json.loads(run(grant, ["portfolio", "check", str(planted), "--json"]).output)["findings"]
    assert again[0]["dismissed"] == "已查明"
    (planted / "dismissals.toml").unlink()
    sample = run(grant, ["portfolio", "sample", str(planted), "--seed", "12345678", "--size", "5", "--json"])
    assert len(json.loads(sample.output)["drawn"]) == 5
    report = run(grant, ["portfolio", "report", str(planted), "-o", str(tmp_path / "report.xlsx")])
    assert report.exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    assert book.sheetnames == ["總覽", "案件", "跨案疑點", "錯誤率", "查核計畫"]
    assert book["案件"].max_row == 41
