"""The history of a case: one commit an operation, in a git repository of the case's own.

`CASE/.git` is made where there is no repository yet and is marked `grantledger.history = true` in its config; where a
repository that is not ours holds the folder or lies in it, `CASE/.grant/history.git` is used instead and theirs is
never touched. Only objects and one branch are written, through dulwich's object store: no hook, filter, attribute or
config of the repository is run. Papers stay out; their digests (documents/SHA256SUMS) are in.

dulwich takes a while to import: this module is imported only where something is written or history is asked for.
"""

from __future__ import annotations

import contextlib
import datetime
import difflib
import functools
import getpass
import io
import json
import os
import stat
import time
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import Concatenate
from typing import NamedTuple
from typing import ParamSpec
from typing import TypeVar

from dulwich.config import ConfigFile
from dulwich.file import FileLocked
from dulwich.index import Index
from dulwich.index import IndexEntry
from dulwich.index import commit_tree
from dulwich.index import index_entry_from_stat
from dulwich.objects import Blob
from dulwich.objects import Commit
from dulwich.objects import ObjectID
from dulwich.objects import Tree
from dulwich.refs import SYMREF
from dulwich.repo import Repo

from ledger.errors import GrantError
from ledger.files import AUDIT_FILE
from ledger.files import AWARD
from ledger.files import MAIN
from ledger.files import PENDING
from ledger.files import RULES
from ledger.files import SUMS
from ledger.files.disk import read_file
from ledger.files.writer import WORK_FOLDER
from ledger.util.i18n import _

BRANCH = b"refs/heads/main"
BY_HAND = "hand"  # the kind of an operation that no program of ours made
START = "start"  # the kind of the first operation of a case that had no history
_TRACKED = (
    ".gitignore",
    MAIN,
    AWARD,
    AUDIT_FILE,
    RULES,
    PENDING,
)
_TRACKED_IN = {"books": ".beancount", "schemes": ".toml"}
_EXCLUDE = "/.grant/\n/inbox/\n/documents/*\n!/documents/SHA256SUMS\n"
_STALE_SECONDS = (
    10  # a lock of git older than this was left by a process that is gone: ours hold it for milliseconds
)
_MODE = 0o100644
_MOST_COMPARED = 5_000_000  # bytes: some ten thousand entries
_MOST_CONFIG = 1_000_000  # bytes
_MOST_BYTES = 100_000_000  # of one object once it is unpacked: a stranger's may swell to gigabytes
# What makes a repository keep its objects or branches in another place: a history of ours has none of these.
_LEADING_OUT = ("commondir", "gitdir", "objects/info/alternates", "objects/info/http-alternates")

P = ParamSpec("P")
T = TypeVar("T")


class HistoryError(GrantError):
    """What is asked of the history is not there; the message says what there is."""


class Operation(NamedTuple):
    """One operation as it was recorded. `id` counts from 1; `moves` are files moved (from, to) within the case."""

    id: str
    date: datetime.date
    by: str
    kind: str
    text: str
    commit: str
    moves: tuple[tuple[str, str], ...] = ()
    undoes: str = ""


class Change(NamedTuple):
    """What an operation did to one file: its bytes before and after, None where there was no file."""

    name: str
    before: bytes | None
    after: bytes | None

    def difference(self, context: int) -> list[str]:
        """The lines that went and came with `context` lines around, as `diff -u` writes them.

        Of a file too large to be compared line by line, which is none of ours, one line says so.
        """
        if max(len(self.before or b""), len(self.after or b"")) > _MOST_COMPARED:
            return [_("檔案太大,不逐行比較")]
        old, new = (
            (text or b"").decode("utf-8", "replace").splitlines() for text in (self.before, self.after)
        )
        return list(difflib.unified_diff(old, new, self.name, self.name, n=context, lineterm=""))


def _in_words(method: Callable[Concatenate[History, P], T]) -> Callable[Concatenate[History, P], T]:
    """The method, a repository that cannot be read told in words: what lies in `.git` may be anybody's, or damaged."""

    @functools.wraps(method)
    def worded(self: History, /, *args: P.args, **more: P.kwargs) -> T:
        try:
            return method(self, *args, **more)
        except (GrantError, OSError, MemoryError):
            raise
        except Exception as error:  # dulwich raises whatever a broken repository makes it meet
            raise HistoryError(
                _(
                    "操作紀錄 {folder} 毀損,讀不下去({kind});帳冊不受影響。把它改名或移走,下一個操作會重新開始保存"
                ).format(folder=self.place, kind=type(error).__name__)
            ) from error

    return worded


def person() -> str:
    """The name of who works at this computer, as far as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


class History:
    """The history of the case in `folder`. Writing it needs the case's lock (see `CaseWriter`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._repo: Repo | None = None

    # --- where it is -----------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        """Whether a history was begun."""
        return self._path() is not None

    @property
    def place(self) -> str:
        """The repository's place in the case; empty where there is none."""
        path = self._path()
        return path.relative_to(self._folder).as_posix() if path else ""

    def _path(self) -> Path | None:
        for path in (self._folder / ".git", self._folder / WORK_FOLDER / "history.git"):
            if path.is_dir() and not path.is_symlink() and _is_ours(path):
                return path
        return None

    def _open(self) -> Repo:
        """The repository, made where there is none."""
        if self._repo is None:
            path = self._path()
            if path is None:
                path = self._make()
            _refuse_strange(path)
            self._repo = Repo(str(path), bare=True)
            self._repo.object_store.loose_object_size_limit = _MOST_BYTES
        return self._repo

    def _make(self) -> Path:
        own = not os.path.lexists(self._folder / ".git") and not _inside_another(self._folder)
        path = self._folder / (".git" if own else f"{WORK_FOLDER}/history.git")
        if _leads_out(path):
            raise HistoryError(
                _("操作紀錄 {folder} 不是本程式的,沒有寫入任何東西;請把它改名或移走後再試一次").format(
                    folder=path.relative_to(self._folder).as_posix()
                )
            )
        path.mkdir(parents=True, exist_ok=True)
        repo = Repo.init_bare(str(path), default_branch=b"main")
        config = repo.get_config()
        config.set((b"core",), b"bare", b"false" if own else b"true")
        config.set((b"core",), b"autocrlf", b"false")
        config.set((b"grantledger",), b"history", b"true")
        config.write_to_path()
        (path / "info").mkdir(exist_ok=True)
        (path / "info" / "exclude").write_text(_EXCLUDE, encoding="ascii")
        repo.close()
        return path

    def close(self) -> None:
        """Let go of the repository's files."""
        if self._repo is not None:
            self._repo.close()
            self._repo = None

    # --- reading ---------------------------------------------------------------------------------------

    @_in_words
    def operations(self) -> list[Operation]:
        """All operations, the first one first; none where no history was begun."""
        if not self.exists:
            return []
        return [_operation(str(number), commit) for number, commit in enumerate(self._commits(), 1)]

    def operation(self, number: str) -> Operation:
        """The operation of an id. Raises HistoryError."""
        found = {operation.id: operation for operation in self.operations()}
        if number not in found:
            raise HistoryError(
                _("沒有編號「{id}」的操作;編號請看 grant log(1 到 {last})").format(id=number, last=len(found))
                if found
                else _("這個案件還沒有操作紀錄")
            )
        return found[number]

    @_in_words
    def changes(self, operation: Operation) -> list[Change]:
        """What an operation changed, file by file."""
        commit = self._commit(operation)
        parent = self._files(commit.parents[0]) if commit.parents else {}
        files = self._files(commit.id)
        return [
            Change(name, self._blob(parent.get(name)), self._blob(files.get(name)))
            for name in sorted({*parent, *files})
            if parent.get(name) != files.get(name)
        ]

    @_in_words
    def texts_at(self, operation: Operation) -> dict[str, bytes]:
        """Every file of the case that the history holds, as it was just after an operation."""
        files = self._files(self._commit(operation).id)
        return {name: self._blob(blob) or b"" for name, blob in files.items()}

    @_in_words
    def head(self) -> str:
        """The id of the last commit; empty where there is none."""
        return self._head().decode("ascii") if self.exists and self._head() else ""

    def _head(self) -> bytes:
        said = self._open().refs.read_ref(BRANCH)  # type: ignore[arg-type]
        if said and said.startswith(
            SYMREF
        ):  # ours names a commit; what leads elsewhere would hide the history
            raise ValueError(said)
        return bytes(said or b"")

    def _commits(self) -> list[Commit]:
        found: list[Commit] = []
        at, seen = self._head(), set[bytes]()
        while at:
            if at in seen:  # what is called by a digest need not have it
                raise ValueError(at)
            seen.add(at)
            commit = self._open().object_store[ObjectID(at)]
            assert isinstance(commit, Commit)  # noqa: S101 -- a branch and a parent name commits
            found.append(commit)
            at = bytes(commit.parents[0]) if commit.parents else b""
        return found[::-1]

    def _commit(self, operation: Operation) -> Commit:
        commit = self._open().object_store[ObjectID(operation.commit.encode("ascii"))]
        assert isinstance(commit, Commit)  # noqa: S101 -- as above
        return commit

    def _files(self, commit_id: bytes) -> dict[str, bytes]:
        """{name: id of its bytes} of a commit."""
        store = self._open().object_store
        commit = store[ObjectID(commit_id)]
        assert isinstance(commit, Commit)  # noqa: S101 -- as above
        return dict(_walk(store, bytes(commit.tree)))

    def _blob(self, blob_id: bytes | None) -> bytes | None:
        if blob_id is None:
            return None
        blob = self._open().object_store[ObjectID(blob_id)]
        assert isinstance(blob, Blob)  # noqa: S101 -- a file's id
        return blob.as_raw_string()

    # --- writing ---------------------------------------------------------------------------------------

    @_in_words
    def adopt(self, pending: Mapping[str, Any] | None = None) -> None:
        """Record what stands on disk and in no commit: edits by hand, or an operation that was cut off.

        `pending` is the description of an operation whose files are in place and whose commit is missing.
        """
        begun = self.exists
        if pending is not None and self._record(pending):
            return
        if not begun:
            self._record({"kind": START, "text": "開始保存操作紀錄"})
        else:
            self._record({"kind": BY_HAND, "text": "帳本經手動修改"})

    @_in_words
    def record(self, described: Mapping[str, Any]) -> None:
        """Commit what stands on disk as one operation, also where it changed no file that the history holds."""
        self._record(described, even_if_same=True)

    def _record(self, described: Mapping[str, Any], *, even_if_same: bool = False) -> bool:
        repo = self._open()
        names = tracked(self._folder)
        written = {name: Blob.from_string((self._folder / name).read_bytes()) for name in names}
        head = self._head()
        known = self._files(head) if head else {}
        if not even_if_same and head and known == {name: bytes(blob.id) for name, blob in written.items()}:
            return False
        for name, blob in written.items():
            if known.get(name) != bytes(blob.id):
                repo.object_store.add_object(blob)
        tree = commit_tree(
            repo.object_store, [(name.encode("utf-8"), blob.id, _MODE) for name, blob in written.items()]
        )
        commit = _commit_of(tree, head, described)
        repo.object_store.add_object(commit)
        with _no_stale_lock(Path(repo.path) / BRANCH.decode("ascii")):
            repo.refs[BRANCH] = commit.id  # type: ignore[index]
        self._write_index(repo, written)
        return True

    def _write_index(self, repo: Repo, written: Mapping[str, Blob]) -> None:
        """Let `git status` in the folder say the truth; a history without a work tree has no index."""
        if Path(repo.path).name != ".git":
            return
        with _no_stale_lock(Path(repo.path) / "index"), contextlib.suppress(OSError):
            index = Index(Path(repo.path) / "index", read=False)
            for name, blob in written.items():
                entry: IndexEntry = index_entry_from_stat((self._folder / name).stat(), blob.id)
                index[name.encode("utf-8")] = entry
            index.write()


def tracked(folder: Path) -> list[str]:
    """The files of a case that its history holds, by name; no link is followed."""
    names = [name for name in (*_TRACKED, SUMS) if _is_file(folder / name)]
    for place, ending in _TRACKED_IN.items():
        below = folder / place
        if below.is_dir() and not below.is_symlink():
            names += [
                f"{place}/{path.name}"
                for path in below.iterdir()
                if path.name.endswith(ending) and _is_file(path)
            ]
    return sorted(names)


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _is_ours(repository: Path) -> bool:
    """Whether a repository is a history of ours."""
    try:
        config = ConfigFile.from_file(io.BytesIO(_own_config(repository)))
        return config.get_boolean((b"grantledger",), b"history", False) is True
    except (OSError, ValueError, KeyError):
        return False


def _own_config(repository: Path) -> bytes:
    """The settings of a repository. Raises OSError, and ValueError where it keeps objects, branches or settings elsewhere."""
    if any(os.path.lexists(repository / name) for name in _LEADING_OUT):
        raise ValueError(repository.name)
    config = read_file(repository / "config", _MOST_CONFIG)
    if b"include" in config.lower():
        raise ValueError(repository.name)
    return config


def _leads_out(repository: Path) -> bool:
    """Whether a place for a history is a link, or what is there already would have it written elsewhere."""
    try:
        _own_config(repository)
    except FileNotFoundError:  # none yet, or one whose making was cut off
        return repository.is_symlink()
    except (OSError, ValueError):
        return True
    return repository.is_symlink()


def _refuse_strange(repository: Path) -> None:
    """Raise ValueError where a repository holds what is neither a file nor a folder: a link leads out, a pipe is waited for."""
    waiting = [str(repository)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif not entry.is_file(follow_symlinks=False):
                    raise ValueError(entry.name)


def _inside_another(folder: Path) -> bool:
    """Whether a repository of the user's lies around the case."""
    return any(os.path.lexists(parent / ".git") for parent in folder.parents)


def _walk(store: Any, tree_id: bytes, under: str = "") -> Iterator[tuple[str, bytes]]:
    tree = store[ObjectID(tree_id)]
    assert isinstance(tree, Tree)  # noqa: S101 -- a commit's tree
    for name, mode, entry in tree.iteritems():
        path = under + name.decode("utf-8", "replace")
        if stat.S_ISDIR(mode):
            yield from _walk(store, bytes(entry), path + "/")
        else:
            yield path, bytes(entry)


def _commit_of(tree: ObjectID, parent: bytes, described: Mapping[str, Any]) -> Commit:
    by = str(described.get("by") or person() or "?")
    now = int(time.time())
    commit = Commit()
    commit.tree = tree
    commit.parents = [ObjectID(parent)] if parent else []
    commit.author = commit.committer = f"{_one_line(by)} <>".encode("utf-8", "surrogateescape")
    commit.author_time = commit.commit_time = now
    commit.author_timezone = commit.commit_timezone = -time.timezone
    commit.encoding = b"UTF-8"
    told = {key: value for key, value in described.items() if key not in {"text", "by"} and value}
    body = json.dumps(told, ensure_ascii=False, sort_keys=True)
    message = f"{_one_line(str(described['text']))}\n\n{body}\n"
    commit.message = message.encode("utf-8", "surrogateescape")  # a name of a file need not be text
    return commit


def _operation(number: str, commit: Commit) -> Operation:
    text, _blank, body = commit.message.decode("utf-8", "surrogateescape").partition("\n\n")
    try:
        told = json.loads(body)
    except ValueError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    moved = commit.author_time + commit.author_timezone
    day = datetime.datetime.fromtimestamp(moved, tz=datetime.UTC).date()
    return Operation(
        number,
        day,
        commit.author.decode("utf-8", "surrogateescape").rpartition(" <")[0],
        str(told.get("kind") or BY_HAND),
        text.strip(),
        commit.id.decode("ascii"),
        tuple((str(source), str(target)) for source, target in told.get("moves") or ()),
        str(told.get("undoes") or ""),
    )


def _one_line(text: str) -> str:
    return " ".join(text.replace("<", "〈").replace(">", "〉").split())


@contextlib.contextmanager
def _no_stale_lock(path: Path) -> Iterator[None]:
    """Take away a lock of git on `path` that a killed process left; the case's own lock is held."""
    lock = path.with_name(path.name + ".lock")
    with contextlib.suppress(OSError):
        if time.time() - lock.lstat().st_mtime > _STALE_SECONDS:
            lock.unlink()
    try:
        yield
    except FileLocked as error:
        raise HistoryError(_("操作紀錄正被別的程式使用,請稍後再試")) from error
