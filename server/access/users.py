"""Who may log in: `users.toml`, with argon2 hashes and roles by case."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import tomllib
import unicodedata
from collections.abc import Iterable
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError
from argon2.exceptions import VerificationError
from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError
from pydantic import field_validator

from audit.web.person import Role
from ledger.errors import GrantError
from ledger.util.i18n import _
from server.cases import ServedCase
from server.cases import matches

SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 1024
_MADE_BYTES = 15  # of a password that is made: 20 letters
_HEAD = "# grant user 維護的檔案:帳號、密碼雜湊(argon2)與各案角色。請以 grant user 增修。\n"

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(
    secrets.token_urlsafe()
)  # verified in vain for a name that is not there: it takes as long


class UsersError(GrantError):
    """A users file, or something asked of it, that cannot be."""


class Access(BaseModel):
    """One role for the cases whose names fit a glob."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Role
    cases: str = Field(min_length=1)


class User(BaseModel):
    """One who may log in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=60)
    password_hash: str  # "": the log-in is an OpenID provider's alone
    access: tuple[Access, ...] = ()

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if name != plain_name(name) or any(unicodedata.category(letter)[0] == "C" for letter in name):
            raise ValueError(_("帳號不可有控制字元或前後空白"))
        return name

    def roles(self, case: ServedCase) -> frozenset[Role]:
        """The roles held for a case."""
        return frozenset(each.role for each in self.access if matches(case, each.cases))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: tuple[User, ...] = ()


def plain_name(name: str) -> str:
    """A name as it is kept and compared."""
    return unicodedata.normalize("NFKC", name).strip()


def read_users(file: Path) -> dict[str, User]:
    """The users of a file, by name. Raises UsersError."""
    try:
        read = _File.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise UsersError(
            _("讀不到使用者檔 {file}:{reason}").format(file=file, reason=error.strerror)
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsersError(_("使用者檔 {file} 不是 TOML:{reason}").format(file=file, reason=error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsersError(
            _("使用者檔 {file} 的 {place} 不對:{reason}").format(file=file, place=place, reason=first["msg"])
        ) from error
    users = {user.name: user for user in read.user}
    if len(users) != len(read.user):
        raise UsersError(_("使用者檔 {file} 有兩個相同的帳號").format(file=file))
    return users


def write_users(file: Path, users: Iterable[User]) -> None:
    """Write a users file, whole or not at all, for its owner's eyes only. Raises UsersError."""
    try:
        handle, made = tempfile.mkstemp(prefix=".users-", dir=file.parent)  # for the owner alone
        with os.fdopen(handle, "w", encoding="utf-8") as text:
            text.write(_HEAD + "".join(map(_toml, users)))
            text.flush()
            os.fsync(text.fileno())
        Path(made).replace(file)
    except OSError as error:
        raise UsersError(
            _("無法寫入使用者檔 {file}:{reason}").format(file=file, reason=error.strerror)
        ) from error


def _toml(user: User) -> str:
    lines = ["", "[[user]]", f"name = {_quoted(user.name)}", f"password_hash = {_quoted(user.password_hash)}"]
    for access in user.access:
        lines += [
            "",
            "[[user.access]]",
            f"role = {_quoted(access.role)}",
            f"cases = {_quoted(access.cases)}",
        ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def make_password() -> str:
    """A password nobody guesses."""
    return secrets.token_urlsafe(_MADE_BYTES)


def hash_of(password: str) -> str:
    """The argon2 hash of a password. Raises UsersError for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise UsersError(_("密碼至少要 {count} 個字").format(count=SHORTEST_PASSWORD))
    return _hasher.hash(password)


def is_password(user: User | None, password: str) -> bool:
    """Whether a password is the user's. It takes as long for nobody."""
    if len(password) > _LONGEST_PASSWORD:
        return False
    try:
        _hasher.verify((user.password_hash if user else "") or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return user is not None and bool(user.password_hash)


def add_access(
    users: dict[str, User], name: str, role: Role, cases: Sequence[str], password: str | None
) -> dict[str, User]:
    """The users with one more, or with more access for one of them (then without a password). Raises UsersError.

    `password`: "" for one who logs in by an OpenID provider alone.
    """
    name = plain_name(name)
    known = users.get(name)
    if known is None and password is None:
        raise UsersError(_("沒有這個帳號:{name}").format(name=name))
    more = [Access(role=role, cases=glob) for glob in cases]
    kept = known.access if known else ()
    try:
        user = User(
            name=name,
            password_hash=known.password_hash if known else hash_of(password) if password else "",
            access=(*kept, *(each for each in more if each not in kept)),
        )
    except ValidationError as error:
        raise UsersError(
            _("帳號「{name}」不能用:{reason}").format(name=name, reason=error.errors()[0]["msg"])
        ) from error
    return {**users, name: user}


def with_password(users: dict[str, User], name: str, password: str) -> dict[str, User]:
    """The users with another password for one of them. Raises UsersError."""
    name = plain_name(name)
    if name not in users:
        raise UsersError(_("沒有這個帳號:{name}").format(name=name))
    return {**users, name: users[name].model_copy(update={"password_hash": hash_of(password)})}


class _Stamp(NamedTuple):
    changed: int
    size: int
    number: int


class UsersFile:
    """A users file that is read again when it changes, so that a user taken out is out at once."""

    def __init__(self, file: Path) -> None:
        """Read it. Raises UsersError."""
        self.file = file
        self._stamp: _Stamp | None = None
        self._users: dict[str, User] = {}
        self._users, self._stamp = read_users(file), self._now()

    def _now(self) -> _Stamp | None:
        try:
            at = self.file.stat()
        except OSError:
            return None
        return _Stamp(at.st_mtime_ns, at.st_size, at.st_ino)

    def get(self, name: str) -> User | None:
        """A user by name; None where there is none, or where the file cannot be read any more."""
        now = self._now()
        if now is None or now != self._stamp:
            try:
                self._users = read_users(self.file)
            except UsersError:
                self._users = {}
            self._stamp = now
        return self._users.get(plain_name(name))
