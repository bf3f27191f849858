"""`grant serve`: Fava on one case or several, with the audit pages."""

from __future__ import annotations

from pathlib import Path

import click

from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import language_option
from cli.terminal.output import option
from ledger.util.i18n import _


@command("serve")
@click.argument("folders", metavar="CASE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--host", default="127.0.0.1", show_default=True)
@option("--port", default=5000, show_default=True, type=int)
@option("--read-only", is_flag=True, help="唯讀")
@language_option
def serve_command(folders: tuple[Path, ...], host: str, port: int, read_only: bool) -> None:
    """開啟 Fava 查帳(Ctrl-C 結束)。"""
    from ledger.loading.loader import CaseNotFoundError
    from ledger.loading.loader import main_file

    try:
        ledgers = [main_file(folder) for folder in folders]
    except CaseNotFoundError as error:
        fail(error)
    serve(ledgers, host, port, read_only=read_only)


def serve(ledgers: list[Path], host: str, port: int, *, read_only: bool, any_port: bool = False) -> None:
    """Run Fava on these ledgers until it is stopped; with `any_port` on a free one where `port` is taken."""
    from cheroot import wsgi
    from fava.application import create_app

    app = create_app([str(ledger.resolve()) for ledger in ledgers], load=True, read_only=read_only)
    server = wsgi.Server((host, port), app)
    try:
        server.prepare()
    except OSError as error:
        if not any_port:
            fail(_("無法在 {host}:{port} 開啟:{reason}").format(host=host, port=port, reason=error))
        server = wsgi.Server((host, 0), app)
        server.prepare()
    bound = server.bind_addr[1]
    click.echo(_("Fava 已開啟:http://{host}:{port}/ (Ctrl-C 結束)").format(host=host, port=bound))
    try:
        server.serve()
    except KeyboardInterrupt:
        click.echo(_("Fava 已關閉"))
    finally:
        server.stop()
