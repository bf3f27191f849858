"""Files made from a case for the browser to save, each as its command makes it, and an uploaded report compared."""

from __future__ import annotations

import datetime
import io
import tempfile
import zipfile
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from typing import Protocol

from audit.check_results import check_results
from audit.web.query import Query
from desk.acts.fields import amount_of
from desk.deadlines import CONTENT_TYPE
from desk.deadlines import calendar_of
from desk.pages.reports import interim_day
from desk.pages.reports import report_day
from desk.web.uploads import UploadError
from ledger.case.settlement import Stage
from ledger.errors import GrantError
from ledger.loading.loader import Loaded
from ledger.loading.loader import load_case
from ledger.util.i18n import _
from ledger.util.i18n import speaking
from reports.export.case import export_case
from reports.fill.fill import fill_workbook
from reports.fill.map_file import read_map
from reports.forms.month_end import write_month_end
from reports.forms.receipt import write_receipt
from reports.forms.remittance import write_remittance
from reports.settlement import Comparison
from reports.settlement import compare_settlement
from reports.settlement import write_settlement
from reports.trace.verify import build_info

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Download(NamedTuple):
    """A file: its name, its bytes, its content type."""

    name: str
    content: bytes
    kind: str


class UploadedFile(Protocol):
    """A file of a form."""

    @property
    def name(self) -> str:
        """As the browser gives it."""

    @property
    def content(self) -> bytes:
        """Its bytes."""


class BooksError(GrantError):
    """Books that cannot be read whole: nothing is made from them."""


def made(folder: Path, asked: Query, today: datetime.date) -> Download:
    """The file that the parameter `what` names, of the case as of `day`, else today. Raises GrantError."""
    makers: dict[str, Callable[[Loaded, Query], Download]] = {
        "settlement": _settlement,
        "settlement-pdf": _settlement_pdf,
        "month-end": _month_end,
        "receipt": _receipt,
        "remittance": _remittance,
        "tables": _tables,
        "calendar": _calendar,
    }
    make = makers.get(asked.text("what"))
    if make is None:
        raise BooksError(_("沒有這種文件;請回報表頁重新選擇"))
    # A month is closed in sight of all that is in the books, as `grant close` does it.
    day = datetime.date.max if make is _month_end else report_day(asked) or today
    return make(_loaded(folder, day), asked)


def _loaded(folder: Path, day: datetime.date | None) -> Loaded:
    loaded = load_case(folder, day)
    if loaded.errors:
        raise BooksError(
            _("帳本有讀不懂的地方,沒有產生文件:{message}").format(message=loaded.errors[0].message)
        )
    return loaded


def _written(name: str, kind: str, write: Callable[[Path], object]) -> Download:
    """What `write` writes to a path, as bytes."""
    with tempfile.TemporaryDirectory(prefix="grant-") as place:
        path = Path(place) / f"file{Path(name).suffix}"
        write(path)
        return Download(name, path.read_bytes(), kind)


def _stage(asked: Query) -> Stage:
    return "interim" if asked.text("stage") == "interim" else "final"


def _named(loaded: Loaded, stage: Stage) -> str:
    title = _("期中結算報表") if stage == "interim" else _("結算報表")
    return f"{title}-{loaded.case.as_of}"


def _settlement(loaded: Loaded, asked: Query) -> Download:
    stage, interim = _stage(asked), interim_day(asked, loaded.case.as_of)
    results = check_results(loaded)
    return _written(
        f"{_named(loaded, stage)}.xlsx",
        XLSX,
        lambda path: write_settlement(loaded.case, stage, results, xlsx=path, interim=interim),
    )


def _settlement_pdf(loaded: Loaded, asked: Query) -> Download:
    stage, interim = _stage(asked), interim_day(asked, loaded.case.as_of)
    results = check_results(loaded)
    return _written(
        f"{_named(loaded, stage)}.pdf",
        "application/pdf",
        lambda path: write_settlement(loaded.case, stage, results, pdf=path, interim=interim),
    )


def _month_end(loaded: Loaded, asked: Query) -> Download:
    month = asked.text("month")
    close = loaded.case.closed_months.get(month)
    if close is None:
        raise BooksError(_("{month} 還沒有月結,沒有提領表").format(month=month or _("(未指定)")))
    return _written(
        f"{_('提領表')}-{month}.xlsx",
        XLSX,
        lambda path: write_month_end(loaded.case, month, close.date, path),
    )


def _receipt(loaded: Loaded, asked: Query) -> Download:
    amount = amount_of(asked, "amount", _("領據金額"))
    party = asked.text("party")
    return _written(
        f"{_('領據')}-{loaded.case.as_of}.xlsx",
        XLSX,
        lambda path: write_receipt(loaded.case, path, amount, party),
    )


def _remittance(loaded: Loaded, _asked: Query) -> Download:
    return _written(
        f"{_('繳庫單')}-{loaded.case.as_of}.xlsx", XLSX, lambda path: write_remittance(loaded.case, path)
    )


def _tables(loaded: Loaded, _asked: Query) -> Download:
    content = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="grant-") as place:
        export_case(loaded.case, "csv", Path(place))
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(Path(place).rglob("*")):
                if path.is_file():
                    packed.write(path, path.relative_to(place).as_posix())
    return Download(f"{_('資料表')}-{loaded.case.as_of}.zip", content.getvalue(), "application/zip")


def _calendar(loaded: Loaded, _asked: Query) -> Download:
    return Download(f"{_('期限')}.ics", calendar_of(loaded.case), CONTENT_TYPE)


def filled(folder: Path, files: Mapping[str, UploadedFile], today: datetime.date) -> Download:
    """The uploaded `template` filled in by the uploaded `map`. Raises GrantError."""
    template, filling = _file(files, "template"), _file(files, "map")
    with tempfile.TemporaryDirectory(prefix="grant-") as place:
        paths = {"template": Path(place) / "template.xlsx", "map": Path(place) / "map.toml"}
        paths["template"].write_bytes(template.content)
        paths["map"].write_bytes(filling.content)
        wanted = read_map(paths["map"])
        loaded = _loaded(folder, today)
        stem = Path(template.name.replace("\\", "/")).stem or _("表單")
        return _written(
            f"{stem}-{_('已填')}.xlsx",
            XLSX,
            lambda path: fill_workbook(loaded.case, paths["template"], wanted, path),
        )


def compared(folder: Path, files: Mapping[str, UploadedFile]) -> tuple[str, Comparison]:
    """How the uploaded `report` differs from what the books give now, made as it was made. Raises GrantError."""
    report = _file(files, "report")
    with tempfile.TemporaryDirectory(prefix="grant-") as place:
        path = Path(place) / "report.xlsx"
        path.write_bytes(report.content)
        info = build_info(path)
        loaded = _loaded(folder, info.as_of)
        with speaking(info.language):  # the report's own: the findings in it are sentences
            results = check_results(loaded)
        return report.name, compare_settlement(path, info, loaded.case, results)


def _file(files: Mapping[str, UploadedFile], field: str) -> UploadedFile:
    file = files.get(field)
    if file is None or not file.content:
        raise UploadError(_("請選擇檔案"))
    return file
