"""The parts of a workbook's zip: only what was changed is written anew, all else goes through byte for byte.

A library that reads a workbook and writes it again loses what it does not know (pictures, controls, extensions); here
each part is a tree of its own and stays the file it was until something in it is changed.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ledger.errors import GrantError
from ledger.util.i18n import _
from ledger.util.zip_errors import BROKEN_ZIP

Element = Any  # lxml has no public name for it

_MEGABYTE = 1024 * 1024
_MOST_BYTES = 50 * _MEGABYTE
_MOST_UNPACKED = 300 * _MEGABYTE
_MOST_MEMBERS = 10_000
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OFFICE = "officeDocument"


class TemplateError(GrantError):
    """A workbook that cannot be filled in; the message says why."""


def kind_of(element: Element) -> str:
    """An element's name without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, kind: str) -> list[Element]:
    """The children of a name, in any namespace: a workbook has one of two."""
    return [child for child in element if kind_of(child) == kind]


def child(element: Element, kind: str) -> Element | None:
    """The first child of a name."""
    found = children(element, kind)
    return found[0] if found else None


class Package:
    """A workbook's parts by name."""

    def __init__(self, data: bytes) -> None:
        """Raises TemplateError for what is no workbook of the kind that can be filled in, or is too large."""
        if len(data) > _MOST_BYTES:
            raise TemplateError(_("檔案超過 {most} MB").format(most=_MOST_BYTES // _MEGABYTE))
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._members = [member for member in archive.infolist() if not member.is_dir()]
                self._refuse_bombs()
                self._parts = {member.filename: archive.read(member) for member in self._members}
        except BROKEN_ZIP as error:
            raise TemplateError(
                _("不是 xlsx 活頁簿,或有密碼、已毀損;請用試算表軟體另存為沒有開啟密碼的 .xlsx")
            ) from error
        self._trees: dict[str, Element] = {}
        self._changed: set[str] = set()
        workbook = self.related("", _OFFICE)
        if not workbook or kind_of(self.tree(workbook[0])) != "workbook":
            raise TemplateError(_("不是 xlsx 活頁簿;請用試算表軟體另存為 .xlsx"))
        self.workbook = workbook[0]

    def _refuse_bombs(self) -> None:
        if len(self._members) > _MOST_MEMBERS or sum(m.file_size for m in self._members) > _MOST_UNPACKED:
            raise TemplateError(_("檔案解開超過 {most} MB").format(most=_MOST_UNPACKED // _MEGABYTE))
        if any(member.compress_type not in _PLAIN for member in self._members):
            raise TemplateError(_("檔案用了少見的壓縮方式;請用試算表軟體另存一次"))

    def __contains__(self, name: str) -> bool:
        """Whether there is a part of this name."""
        return name in self._parts

    def names(self, begin: str) -> list[str]:
        """The names of the parts that begin so."""
        return [name for name in self._parts if name.startswith(begin)]

    def tree(self, name: str) -> Element:
        """The tree of a part. Raises TemplateError where it is no sound XML."""
        if name not in self._trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
            try:
                self._trees[name] = etree.fromstring(self._parts[name], parser)
            except (etree.XMLSyntaxError, KeyError) as error:
                raise TemplateError(
                    _("檔案裡的 {part} 讀不懂;請用試算表軟體另存一次").format(part=name)
                ) from error
        return self._trees[name]

    def changed(self, name: str) -> None:
        """Have the tree of a part written anew."""
        self._changed.add(name)

    def text(self, name: str) -> str:
        """A part as text, for what is no sound XML."""
        return self._parts[name].decode("utf-8", errors="surrogateescape")

    def replace_text(self, name: str, text: str) -> None:
        """Put another text in the place of a part's."""
        self._parts[name] = text.encode("utf-8", errors="surrogateescape")

    def related(self, part: str, kind: str) -> list[str]:
        """The parts of a kind (the last word of the relation's type) that a part leans on, by their names."""
        return [target for _id, found, target in self.relations(part) if found == kind]

    def relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """(id, kind, part) of what a part leans on inside the workbook."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._parts:
            return
        for relation in self.tree(rels):
            if relation.get("TargetMode") == "External":
                continue
            target = str(relation.get("Target") or "")
            found = (
                target.lstrip("/")
                if target.startswith("/")
                else posixpath.normpath(posixpath.join(folder, target))
            )
            yield str(relation.get("Id") or ""), str(relation.get("Type") or "").rsplit("/", 1)[-1], found

    def remove(self, name: str) -> None:
        """Take a part out, with all that names it."""
        self._parts.pop(name, None)
        self._trees.pop(name, None)
        self._changed.discard(name)
        self._members = [member for member in self._members if member.filename != name]
        types = self.tree("[Content_Types].xml")
        for override in children(types, "Override"):
            if override.get("PartName") == f"/{name}":
                types.remove(override)
                self.changed("[Content_Types].xml")
        for rels in [each for each in self._parts if each.endswith(".rels")]:
            folder = posixpath.dirname(posixpath.dirname(rels))
            owner = posixpath.join(folder, posixpath.basename(rels).removesuffix(".rels"))
            gone = {id_ for id_, _kind, target in self.relations(owner) if target == name}
            for relation in list(self.tree(rels)):
                if relation.get("Id") in gone:
                    self.tree(rels).remove(relation)
                    self.changed(rels)

    def data(self) -> bytes:
        """The workbook: the same changes give the same bytes."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for member in self._members:
                content = self._parts[member.filename]
                if member.filename in self._changed:
                    content = etree.tostring(
                        self.tree(member.filename), xml_declaration=True, encoding="UTF-8", standalone=True
                    )
                info = zipfile.ZipInfo(member.filename, member.date_time)
                info.compress_type = member.compress_type
                info.create_system = member.create_system
                info.external_attr = member.external_attr
                archive.writestr(info, content, compresslevel=6)
        return made.getvalue()
