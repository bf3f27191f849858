"""`grant bundle`: a case as one file to hand out."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from cli.terminal.output import as_of_option
from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from cli.terminal.output import print_json
from ledger.util.i18n import _


@command("bundle")
@click.argument("folder", metavar="CASE", type=path_type)
@option("-o", "output", required=True, type=path_type, help="案件包(zip)")
@option("--mask", is_flag=True, help="不含人員姓名與薪資")
@as_of_option
@json_option
@language_option
def bundle_command(
    folder: Path, output: Path, *, mask: bool, as_of: datetime.date | None, as_json: bool
) -> None:
    """案件包:帳冊、憑證、查核紀錄、報表與清單裝成一個檔案,可以 grant verify 核對。"""
    from audit.bundle.pack import make_bundle
    from audit.check_results import check_results
    from ledger.case.settlement import NoAwardError
    from ledger.case.settlement import settle_case
    from ledger.files.whole_file import write_atomically
    from ledger.loading.loader import load_case
    from reports.data.tables import settlement_tables
    from reports.workbook import settlement_bytes

    loaded = load_case(folder, as_of)
    if loaded.errors:
        fail(_("帳本有讀不懂的地方,無法裝成案件包:{message}").format(message=loaded.errors[0].message))
    reports: dict[str, bytes] = {}
    try:
        import json

        settled = json.dumps(settle_case(loaded.case).as_json(), ensure_ascii=False, indent=1) + "\n"
        results = check_results(loaded)
        tables = settlement_tables(
            loaded.case, "final", results.findings, results.waived, None, results.notes, results.titles
        )
        reports = {"settlement.json": settled.encode(), "settlement.xlsx": settlement_bytes(tables)}
    except NoAwardError:
        pass
    made = make_bundle(loaded, reports, mask=mask)
    write_atomically(output, made.content)
    if as_json:
        import hashlib

        print_json(
            {
                "file": str(output),
                "sha256": hashlib.sha256(made.content).hexdigest(),
                "manifest": made.digest,
                "masked": mask,
            }
        )
        return
    click.echo(_("已產生案件包 {path}").format(path=output))
    click.echo(_("案件包清單的指紋:{digest}").format(digest=made.digest))
