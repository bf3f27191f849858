"""`grant serve`: one server for the cases of a folder, with the home page, the audit pages and each case's Fava."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.terminal.output import PathType
from cli.terminal.output import WholeType
from cli.terminal.output import command
from cli.terminal.output import fail
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import path_type
from ledger.errors import GrantError
from ledger.util.i18n import _

if TYPE_CHECKING:
    from server.app import Settings

_LOCAL = "127.0.0.1"
_PORT = 5000
_LOCAL_NAMES = ("127.0.0.1", "localhost")
_ANY = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 -- told apart, not bound
_file = PathType(exists=True, dir_okay=False)


@command("serve")
@click.argument("folders", metavar="[FOLDER|CASE|BUNDLE.zip…]", nargs=-1, type=path_type)
@option("--host", default=_LOCAL, show_default=True, help="監聽的位址;沒有 --users 時只能是 127.0.0.1")
@option("--port", default=_PORT, show_default=True, type=WholeType(0, 65535), help="0 為任一個空的埠")
@option("--name", "names", multiple=True, help="這台伺服器對外的名稱(可重複);以別的名稱來的請求不回應")
@option("--users", "users_file", type=_file, help="使用者檔(grant user add 建立);之後須登入,並可由他機連線")
@option(
    "--openid",
    "openid_file",
    type=_file,
    help="OpenID Connect 設定檔(TOML):以單位的帳號登入,須與 --users 併用",
)
@option("--edit", is_flag=True, help="開放 Fava 的編輯器(有 --users 時只開放給該案的會計)")
@option("--read-only", is_flag=True, help="唯讀")
@option("--certificate", type=_file, help="TLS 憑證檔(PEM)")
@option("--key", type=_file, help="TLS 私鑰檔(PEM)")
@option("--log", type=PathType(file_okay=False), help="紀錄檔的資料夾;預設在使用者檔旁")
@language_option
def serve_command(
    *,
    folders: tuple[Path, ...],
    host: str,
    port: int,
    names: tuple[str, ...],
    users_file: Path | None,
    openid_file: Path | None,
    certificate: Path | None,
    key: Path | None,
    log: Path | None,
    edit: bool,
    read_only: bool,
) -> None:
    """開啟案件的網頁:案件清單、查核頁與每案的 Fava(Ctrl-C 結束)。"""
    if users_file is None and host != _LOCAL:
        fail(_("沒有使用者檔(--users)時只能在本機 127.0.0.1 開啟;要讓他機連線請先用 grant user add 建立帳號"))
    from ledger.loading.safe_folder import is_trusted

    if users_file is not None and is_trusted():
        fail(_("有使用者檔(--users)的伺服器不能用 --trust"))
    if (certificate is None) != (key is None):
        fail(_("--certificate 與 --key 要一起指定"))
    if openid_file and not users_file:
        fail(_("--openid 要與 --users 併用:誰可以看哪些案件寫在使用者檔裡"))
    from server.access.openid import read_openid
    from server.access.users import UsersFile
    from server.app import Settings
    from server.cases import Cases

    try:
        settings = Settings(
            cases=Cases([_opened(folder) for folder in folders or (Path(),)], may_be_empty=not read_only),
            hosts=_names(host, names),
            token="" if users_file else _token(),
            users=UsersFile(users_file) if users_file else None,
            edit=edit,
            read_only=read_only,
            secure=certificate is not None,
            openid=read_openid(openid_file) if openid_file else None,
            logs=log or (users_file.parent if users_file else None),
        )
    except GrantError as error:
        fail(error)
    if users_file and host not in _LOCAL_NAMES and certificate is None:
        click.echo(_("注意:沒有 TLS 憑證(--certificate、--key),密碼會以明文經過網路"), err=True)
    serve(settings, host, port, tls=(certificate, key) if certificate and key else None)


def _opened(place: Path) -> Path:
    """A place that is served: of a bundle, the folder beside it that its case is unpacked into. Raises BundleError."""
    if not place.is_file() or place.suffix.lower() != ".zip":
        return place
    from audit.bundle.unpack import unpack_bundle

    folder = unpack_bundle(place)
    click.echo(_("案件包逐檔核對無誤;案件在 {folder},查核意見會存在那裡").format(folder=folder))
    return folder


def _names(host: str, given: tuple[str, ...]) -> tuple[str, ...]:
    """The names that requests may bear."""
    import socket

    own = (socket.gethostname(), *_LOCAL_NAMES) if host in _ANY else (host,)
    return tuple(dict.fromkeys([*(_LOCAL_NAMES if host == _LOCAL else own), *given]))


def _token() -> str:
    """What the address holds that is printed: nobody guesses it."""
    import secrets

    return secrets.token_urlsafe(32)


def local_settings(folders: Sequence[Path]) -> Settings:
    """How cases are served on one's own machine, or a folder in which the first is yet to be made.

    Raises CaseNotFoundError.
    """
    from server.app import Settings
    from server.cases import Cases

    return Settings(Cases(folders, may_be_empty=True), _LOCAL_NAMES, token=_token())


def serve_here() -> None:
    """The home page of the folder one stands in, opened in the browser: what `grant` alone does."""
    try:
        settings = local_settings([Path()])
    except GrantError as error:
        fail(error)
    serve(settings, _LOCAL, _PORT, any_port=True, opens=True)


def _has_screen() -> bool:
    """Whether a browser would open in a window: in a terminal alone it would take the terminal."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    tls: tuple[Path, Path] | None = None,
    any_port: bool = False,
    opens: bool = False,
) -> None:
    """Serve until it is stopped; with `any_port` on a free port where `port` is taken; `opens` it in the browser."""
    from cheroot import wsgi
    from cheroot.ssl.builtin import BuiltinSSLAdapter

    from server.app import Server

    def bound(at: int) -> wsgi.Server:
        server = wsgi.Server((host, at), None, server_name="grantledger")
        if tls:
            server.ssl_adapter = BuiltinSSLAdapter(str(tls[0]), str(tls[1]))
        server.prepare()
        return server

    try:
        try:
            listening = bound(port)
        except OSError:
            if not any_port:
                raise
            listening = bound(0)
    except (OSError, ValueError) as error:
        fail(_("無法在 {host}:{port} 開啟:{reason}").format(host=host, port=port, reason=error))
    port = listening.bind_addr[1]
    server = Server(settings._replace(port=port))
    listening.wsgi_app = server.app
    address = f"{'https' if tls else 'http'}://{host}:{port}/"
    if settings.token:
        address += f"?token={settings.token}"
    click.echo(_("已開啟:{address} (Ctrl-C 結束)").format(address=address))
    if settings.token:
        click.echo(_("網址裡的 token 只能用一次;開啟後由瀏覽器記住,伺服器結束即失效"))
    if opens and _has_screen():
        import webbrowser

        webbrowser.open(address)
    try:
        listening.serve()
    except KeyboardInterrupt:
        click.echo(_("已關閉"))
    finally:
        listening.stop()
        server.logs.close()
