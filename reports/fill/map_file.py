"""The map of an authority's workbook: which of its cells and tables take which fields of the data dictionary.

[form]
name = "經費支用表"
dates = "roc"                                   # "roc" (default): 113/06/30; "iso": 2024-06-30

[[cell]]
sheet = "彙總表"
cell = "C3"
field = "Grant_Case.Company_Name"               # TABLE.FIELD of docs/data-dictionary.md
where = { Budget_Category_Kind = "equipment" }  # optional: the rows whose fields are so; amounts are added up

[[table]]
sheet = "明細表"
table = "Grant_Cost_Detail"
start = 8                                       # the first row
rows = 5                                        # how many rows the form has for it
grow = "insert"                                 # "fixed" (default): more than `rows` is refused; "insert": rows are put in
columns = { A = "#", B = "Voucher_Number" }     # "#" counts from 1
without = { Document_Type = ["payroll"] }       # optional, as `where`: the rows that are left out
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from typing import Literal

import pydantic

from ledger.errors import GrantError
from ledger.util.i18n import _
from ledger.util.toml_file import TomlError
from ledger.util.toml_file import read_toml
from ledger.util.validation import validation_message

SERIAL = "#"
SHIPPED = Path(__file__).parent / "shipped"  # a form and its map, for an example

Text = Annotated[str, pydantic.Field(min_length=1)]
Condition = dict[str, str | list[str]]
Row = Annotated[int, pydantic.Field(ge=1, le=1_048_576)]


class MapError(GrantError):
    """A map that cannot be used; the message names the file, the key and what is allowed."""


class _Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class MapForm(_Strict):
    """The form as a whole."""

    name: str = ""
    source: str = ""
    dates: Literal["roc", "iso"] = "roc"


class MapCell(_Strict):
    """One cell and the field that it takes."""

    sheet: Text
    cell: Text
    field: Text
    where: Condition = {}
    without: Condition = {}


class MapTable(_Strict):
    """The rows of a sheet that take the rows of one table."""

    sheet: Text
    table: Text
    start: Row
    rows: Row
    grow: Literal["fixed", "insert"] = "fixed"
    columns: Annotated[dict[str, Text], pydantic.Field(min_length=1)]
    where: Condition = {}
    without: Condition = {}

    @property
    def last(self) -> int:
        """Its last row in the form as it came."""
        return self.start + self.rows - 1


class FillMap(_Strict):
    """A whole map."""

    form: MapForm = MapForm()
    cell: tuple[MapCell, ...] = ()
    table: tuple[MapTable, ...] = ()


def read_map(path: Path) -> FillMap:
    """The map in a file. Raises MapError."""
    try:
        found = FillMap.model_validate(read_toml(path))
    except (OSError, TomlError) as error:
        raise MapError(f"{path.name}: {error}") from error
    except pydantic.ValidationError as error:
        raise MapError(validation_message(path.name, error, FillMap)) from error
    if not found.cell and not found.table:
        raise MapError(_("{file}: 沒有 [[cell]] 也沒有 [[table]],沒有要填的地方").format(file=path.name))
    return found
