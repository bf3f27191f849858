"""What may not be opened: a case folder is a stranger's, and opening one runs nothing from it and follows nothing out of it.

Before Beancount or Fava sees a case, the top file and all that it includes are read as text and the folder is looked
through. What was read is kept (`Sources`), so that what was judged is what is loaded.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import errno
import functools
import glob
import importlib.machinery
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ledger.errors import GrantError
from ledger.files import AUDIT_FILE
from ledger.files.disk import read_file
from ledger.loading.source_text import Directive
from ledger.loading.source_text import directives_of
from ledger.util.i18n import N_
from ledger.util.i18n import _

# Beancount's own plugins that neither read files nor take code as their setting (three of them evaluate theirs).
HARMLESS_PLUGINS = frozenset(
    f"beancount.plugins.{name}"
    for name in (
        "auto",
        "auto_accounts",
        "check_closing",
        "check_drained",
        "close_tree",
        "coherent_cost",
        "currency_accounts",
        "implicit_prices",
        "leafonly",
        "noduplicates",
        "nounused",
        "onecommodity",
        "sellgains",
        "unique_prices",
    )
)
OWN_PLUGIN = "checks"  # and its families, `checks.account` …
OWN_EXTENSIONS = frozenset({"audit.fava", "desk.fava"})
OWN_PACKAGES = frozenset(
    {"ledger", "checks", "importers", "reports", "audit", "desk", "server", "portfolio", "cli", "grantledger"}
)
_CODE = frozenset(importlib.machinery.all_suffixes()) | {
    ".py", ".pyw", ".pyc", ".pyo", ".pyd", ".pyz", ".pth", ".egg", ".so", ".dll", ".dylib",
}  # fmt: skip
_UNKNOWN_FILES = frozenset({"inbox", "documents"})  # where a file of code is a file of unknown type
_INBOX = "inbox"
_CACHE = ".picklecache"
_ENCRYPTED = (".gpg", ".asc")  # Beancount would start a program to read these
_INSTALLED = frozenset({"site-packages", "dist-packages"})  # the folders that packages are installed into
_MOST_FILES = 5_000  # that one ledger includes
_MOST_PATTERNS = 100  # among its includes
_MOST_BYTES = 50_000_000  # of a file that is read as text: some hundred thousand vouchers
_TEXTS = (".beancount", ".toml", ".jsonl", "SHA256SUMS")
_SHOWN = 3


class Unsafe(NamedTuple):
    """Something that a case may not hold: the file and line, and what it is. `is_warning`: it is passed over."""

    file: str
    line: int
    message: str
    is_warning: bool = False


class UnsafeCaseError(GrantError):
    """A case that is not opened; the message names what it holds, with file and line."""

    def __init__(self, folder: Path, places: list[Unsafe]) -> None:
        """`folder` is the case, `places` what it holds, at least one."""
        told = ";".join(
            _("{file} 第 {line} 行:{message}").format(
                file=_shown(place.file, folder), line=place.line, message=place.message
            )
            for place in places[:_SHOWN]
        )
        more = _(";另有 {count} 處").format(count=len(places) - _SHOWN) if len(places) > _SHOWN else ""
        way_on = _(
            "案件沒有開啟。請向提供案件的人查明;確定可信時才加 --trust 開啟;這樣開啟的網頁只能看,不寫入"
        )
        super().__init__(_("{told}{more}。{way_on}").format(told=told, more=more, way_on=way_on))
        self.folder = folder
        self.places = places


class Sources(NamedTuple):
    """The files of a ledger as they were read: the bytes by path, in the order in which they are included first."""

    files: dict[Path, bytes]
    unsafe: list[Unsafe]


_trusted: contextvars.ContextVar[bool] = contextvars.ContextVar("trusted", default=False)


@contextlib.contextmanager
def trusting() -> Iterator[None]:
    """Open whatever a case holds while the block runs: what `--trust` asks for. Nothing remembers it."""
    token = _trusted.set(True)
    try:
        yield
    finally:
        _trusted.reset(token)


def is_trusted() -> bool:
    """Whether the user said `--trust`."""
    return _trusted.get()


def refuse_unsafe(main: Path, *, incoming: bool = False) -> Sources:
    """Read the ledger whose top file is `main` as text. Raises UnsafeCaseError where it may not be opened.

    With `incoming` links in inbox/ are passed over: an import refuses them one by one.
    """
    sources = read_sources(main, incoming=incoming)
    refused = [place for place in sources.unsafe if not place.is_warning]
    if refused and not is_trusted():
        raise UnsafeCaseError(main.parent, refused)
    return sources


def read_sources(main: Path, *, incoming: bool = False) -> Sources:
    """The files of a ledger, and everything in them and in its folder that a case may not hold."""
    base = main.parent
    unsafe = [*_unsafe_files(base, incoming=incoming)]
    files: dict[Path, bytes] = {}
    left = _Left(_MOST_FILES, _MOST_PATTERNS)
    for top in (main, base / AUDIT_FILE):  # whose acts count whether or not the books include it
        waiting = [top]
        while waiting and len(files) < _MOST_FILES:
            path = waiting.pop(0)
            if path in files or not os.path.lexists(path):
                continue
            try:
                files[path] = read_file(path, _MOST_BYTES)
            except OSError as error:
                if error.errno == errno.ELOOP:
                    unsafe.append(Unsafe(str(path), 1, _(_LINK)))
                continue
            found, refused = _judged(path, files[path], base, left)
            waiting += found
            unsafe += refused
    return Sources(files, unsafe)


@dataclasses.dataclass
class _Left:
    """How many files and patterns a ledger may still include: each pattern looks through the folder once more."""

    files: int
    patterns: int

    @property
    def is_spent(self) -> bool:
        """Whether it is more than that already; nothing is looked for any more."""
        return self.files < 0 or self.patterns < 0

    def take(self, directive: Directive, found: int) -> None:
        """Count an include that means so many files."""
        self.files -= max(found, 1)
        self.patterns -= any(map(glob.has_magic, directive.values))


def _judged(path: Path, content: bytes, base: Path, left: _Left) -> tuple[list[Path], list[Unsafe]]:
    """The files that a file includes, and what is refused of it."""
    targets: list[Path] = []
    unsafe: list[Unsafe] = []
    for directive in directives_of(content):
        if directive.kind == "include" and not left.is_spent:
            found, refused = included(path, directive, base)
            left.take(directive, len(found))
            if left.is_spent:
                told = _("include 太多:一個案件最多 {files} 個檔案、{patterns} 個含萬用字元的 include")
                told = told.format(files=_MOST_FILES, patterns=_MOST_PATTERNS)
                refused = [Unsafe(str(path), directive.line, told)]
            unsafe += refused
            targets += [] if refused and not is_trusted() else found
        elif message := _refusal(directive, path, base):
            unsafe.append(Unsafe(str(path), directive.line, message))
    return targets, unsafe


# --- directives ----------------------------------------------------------------------------------------

_LINK = N_("這裡是連結(symbolic link);案件資料夾裡不可以有連結,請換成檔案本身")


def included(path: Path, directive: Directive, base: Path) -> tuple[list[Path], list[Unsafe]]:
    """The files that an include of the file `path` means, and what is refused of it.

    The pattern is matched within the file's own folder, so that `[`, `*`, `?` in the path of the case itself mean
    nothing.
    """
    name = directive.values[0] if directive.values else ""
    if not name or "\0" in name:
        return [], []

    def refused(message: str) -> Unsafe:
        return Unsafe(str(path), directive.line, message.format(name=name))

    if (
        name.count("**") > 1
    ):  # how often the folders are walked grows with every further one, beyond all patience
        return [], [refused(_("include 的檔案「{name}」有兩個以上的 **,展開會沒完沒了"))]
    root = path.parent
    matches = glob.glob(name, root_dir=root, recursive=True)  # noqa: PTH207 -- as Beancount does, within the folder
    found = [Path(os.path.normpath(root / match)) for match in sorted(matches)]
    if not all(each.is_relative_to(base) for each in [Path(os.path.normpath(root / name)), *found]):
        return found, [refused(_("include 的檔案「{name}」在案件資料夾之外"))]
    if any(each.suffix.lower() in _ENCRYPTED for each in [Path(name), *found]):
        return found, [refused(_("include 的檔案「{name}」是加密檔,開啟時會執行別的程式"))]
    return found, []


def is_own_plugin(name: str) -> bool:
    """Whether a plugin is ours, or one of Beancount's that are harmless."""
    return name == OWN_PLUGIN or name.startswith(f"{OWN_PLUGIN}.") or name in HARMLESS_PLUGINS


def _refusal(directive: Directive, path: Path, base: Path) -> str:
    """Why a directive is refused; empty where it is not."""
    key, value = (*directive.values, "", "")[:2]
    if directive.kind == "plugin":
        return "" if is_own_plugin(key) else _("plugin「{name}」會執行別的程式").format(name=key)
    if directive.kind == "option":
        return _option_refusal(key, value, path, base)
    if directive.kind == "document":
        return "" if _is_inside(value or key, path.parent, base) else _outside(value or key)
    if key == "fava-extension" and value not in OWN_EXTENSIONS:
        return _("Fava 的擴充「{name}」會執行別的程式").format(name=value)
    if key == "fava-option":
        return _fava_refusal(value, (*directive.values, "", "", "")[2], path, base)
    return ""


def _option_refusal(key: str, value: str, path: Path, base: Path) -> str:
    if key == "insert_pythonpath" and value != "FALSE":
        return _('option "insert_pythonpath" 會從案件資料夾執行程式')
    if key == "include":  # Beancount keeps its list of files among the options, and lets a book add to it
        return _('option "include" 會讀取別的檔案')
    if key == "plugin" and not is_own_plugin(value.partition(":")[0]):
        return _("plugin「{name}」會執行別的程式").format(name=value)
    if key == "plugin_processing_mode" and value != "default":
        return _('option "plugin_processing_mode" 會略過 Beancount 自己的查核')
    if key == "documents" and not _is_inside(value, path.parent, base):
        return _outside(value)
    return ""


def _fava_refusal(name: str, value: str, path: Path, base: Path) -> str:
    option = name.replace("-", "_")
    if option == "import_config":
        return _("Fava 的設定「{name}」會執行別的程式").format(name=name)
    if option == "import_dirs":
        return _("Fava 的設定「{name}」會讀取別的資料夾").format(name=name)
    if option == "default_file" and value and not _is_inside(value, path.parent, base):
        return _outside(value)
    return ""


def _outside(name: str) -> str:
    return _("「{name}」在案件資料夾之外").format(name=name)


def _is_inside(name: str, folder: Path, base: Path) -> bool:
    if "\0" in name or name.startswith("~"):
        return False
    return Path(os.path.normpath(folder / name)).is_relative_to(base)


# --- the folder ----------------------------------------------------------------------------------------


def _unsafe_files(base: Path, *, incoming: bool) -> Iterator[Unsafe]:
    """Links, files of code outside inbox/ and documents/, names of packages, and load caches; by name."""
    waiting = [(str(base), "")]
    found: list[tuple[str, Unsafe]] = []
    while waiting:
        folder, top = waiting.pop()
        try:
            entries = os.scandir(folder)
        except OSError:
            continue
        with entries:
            for entry in entries:
                inside = top or entry.name
                if entry.is_symlink() or _is_junction(entry):
                    if not (incoming and inside == _INBOX and top):
                        found.append((entry.path, Unsafe(entry.path, 1, _(_LINK))))
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, inside))
                    if not top and entry.name.lower() in _package_names():
                        found.append((entry.path, Unsafe(entry.path, 1, _named_as_package(entry.name))))
                else:
                    wrong = _wrong_file(entry.name, inside if top else "") or _too_large(entry)
                    if wrong is not None:
                        found.append((entry.path, Unsafe(entry.path, 1, *wrong)))
    for _path, unsafe in sorted(found):
        yield unsafe


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is one of Windows' other kinds of links."""
    if os.name != "nt":
        return False
    return bool(getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0))


def _wrong_file(name: str, top: str) -> tuple[str, bool] | None:
    """What is wrong with a file of a name, and whether it is only passed over."""
    dot = name.rfind(".")
    suffix = name[dot:].lower() if dot > 0 else ""  # by text: there are thousands of names
    if suffix == _CACHE:
        return _("這是 Beancount 的快取檔(.picklecache),沒有讀取;可以刪除"), True
    if suffix in _CODE and top not in _UNKNOWN_FILES:
        return _("「{name}」是程式檔;案件資料夾裡(inbox/ 與 documents/ 以外)不可以有程式").format(
            name=name
        ), False
    return None


def _too_large(entry: os.DirEntry[str]) -> tuple[str, bool] | None:
    """Why a file that would be read as text is too large for it."""
    if not entry.name.endswith(_TEXTS):
        return None
    try:
        size = entry.stat(follow_symlinks=False).st_size
    except OSError:
        return None
    message = _("檔案太大({size} MB),當作文字檔最多讀 {most} MB")
    told = message.format(size=size // 1_000_000, most=_MOST_BYTES // 1_000_000)
    return (told, False) if size > _MOST_BYTES else None


def _named_as_package(name: str) -> str:
    return _("資料夾「{name}」與程式的套件同名,會被當成程式;請改名").format(name=name)


@functools.cache
def _package_names() -> frozenset[str]:
    """Our packages and the installed ones, in lower case: many file systems tell no case apart."""
    names = set(OWN_PACKAGES)
    for place in {place for place in sys.path if Path(place).name in _INSTALLED}:
        with contextlib.suppress(OSError), os.scandir(place) as entries:
            for entry in entries:
                stem = entry.name.partition(".")[0]
                if not stem.isidentifier():
                    continue
                is_module = entry.name.endswith(tuple(importlib.machinery.all_suffixes()))
                if is_module or Path(entry.path, "__init__.py").is_file():
                    names.add(stem.lower())
    return frozenset(names)


def _shown(file: str, folder: Path) -> str:
    path = Path(file)
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else file
