"""`grant user`: who may log in to the server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

import click

from audit.web.person import Role
from cli.terminal.output import PathType
from cli.terminal.output import fail
from cli.terminal.output import group
from cli.terminal.output import json_option
from cli.terminal.output import language_option
from cli.terminal.output import option
from cli.terminal.output import print_json
from cli.terminal.output import print_table
from ledger.errors import GrantError
from ledger.util.i18n import _

_roles = click.Choice(get_args(Role))
_file_option = option("--file", required=True, type=PathType(dir_okay=False), help="使用者檔")
_make_option = option("--make", is_flag=True, help="不詢問,產生密碼並印出一次")


@group("user")
@language_option
def user_command() -> None:
    """伺服器的帳號:新增、改密碼、列出。"""


@user_command.command("add")
@click.argument("name", metavar="NAME")
@option(
    "--role", required=True, type=_roles, help="accountant 會計、auditor 查核、reviewer 複核、viewer 查閱"
)
@option("--cases", required=True, multiple=True, help="案件範圍(glob,可重複),如 '*' 或 '112/*'")
@_file_option
@_make_option
@option("--no-password", is_flag=True, help="不設密碼:只能以 OpenID Connect 登入(grant serve --openid)")
@json_option
@language_option
def add_command(
    name: str, role: Role, cases: tuple[str, ...], file: Path, *, make: bool, no_password: bool, as_json: bool
) -> None:
    """新增帳號;帳號已在時,加一個角色與案件範圍。"""
    from server.access.users import add_access
    from server.access.users import plain_name
    from server.access.users import read_users
    from server.access.users import write_users

    made = None
    try:
        users = read_users(file) if file.exists() else {}
        password = None
        if plain_name(name) not in users:
            password, made = ("", None) if no_password else _new_password(make=make)
        write_users(file, add_access(users, name, role, cases, password).values())
    except GrantError as error:
        fail(error)
    _say(plain_name(name), made, _("{name}:已給予 {role} 角色,案件範圍 {cases}").format(
        name=plain_name(name), role=role, cases=" ".join(cases)), as_json=as_json)  # fmt: skip


@user_command.command("password")
@click.argument("name", metavar="NAME")
@_file_option
@_make_option
@json_option
@language_option
def password_command(name: str, file: Path, *, make: bool, as_json: bool) -> None:
    """更換密碼;用舊密碼登入的都會登出。"""
    from server.access.users import UsersError
    from server.access.users import plain_name
    from server.access.users import read_users
    from server.access.users import with_password
    from server.access.users import write_users

    try:
        users = read_users(file)
        if plain_name(name) not in users:
            raise UsersError(_("沒有這個帳號:{name}").format(name=name))
        password, made = _new_password(make=make)
        write_users(file, with_password(users, name, password).values())
    except GrantError as error:
        fail(error)
    _say(plain_name(name), made, _("{name}:密碼已更換").format(name=plain_name(name)), as_json=as_json)


@user_command.command("list")
@_file_option
@json_option
@language_option
def list_command(file: Path, *, as_json: bool) -> None:
    """列出帳號、角色與案件範圍。"""
    from server.access.users import read_users

    try:
        users = read_users(file)
    except GrantError as error:
        fail(error)
    if as_json:
        print_json(
            {
                "users": [
                    {"name": user.name, "access": [access.model_dump() for access in user.access]}
                    for user in users.values()
                ]
            }
        )
        return
    rows: list[tuple[str, ...]] = [
        (user.name, access.role, access.cases) for user in users.values() for access in user.access
    ]
    rows += [(user.name, "", "") for user in users.values() if not user.access]
    print_table(_("帳號"), (_("帳號"), _("角色"), _("案件範圍")), rows)


def _new_password(*, make: bool) -> tuple[str, str | None]:
    """A password, and the same again where it was made and has to be told."""
    from server.access.users import SHORTEST_PASSWORD
    from server.access.users import make_password

    typed = ""
    if not make and sys.stdin.isatty():
        ask = _("密碼(至少 {count} 個字;直接按 Enter 則產生一個)").format(count=SHORTEST_PASSWORD)
        typed = click.prompt(ask, default="", hide_input=True, show_default=False)
        if typed and click.prompt(_("再輸入一次"), default="", hide_input=True, show_default=False) != typed:
            fail(_("兩次輸入的密碼不同,沒有更動"))
    if typed:
        return typed, None
    made = make_password()
    return made, made


def _say(name: str, made: str | None, text: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": name} | ({"password": made} if made else {}))
        return
    click.echo(text)
    if made:
        click.echo(_("密碼(只印這一次,請轉交本人):{password}").format(password=made))
