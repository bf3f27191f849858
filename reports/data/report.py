"""The settlement report that a sheet is part of."""

from __future__ import annotations

from typing import NamedTuple

from ledger.util.dates import roc
from ledger.util.i18n import _
from reports.data.stamp import Stamp
from reports.data.tables import Tables
from reports.xlsx.sheet_frame import SheetFrame


class SettlementReport(NamedTuple):
    """What every sheet of the settlement is made from."""

    tables: Tables
    stamp: Stamp

    @property
    def interim(self) -> bool:
        """Whether it is the interim report."""
        return self.tables.settled.stage == "interim"

    @property
    def stage(self) -> str:
        """期中, or 期末(結案)."""
        return _("期中") if self.interim else _("期末(結案)")

    @property
    def frame(self) -> SheetFrame:
        """What stands above and below every sheet."""
        return self.frame_in(_("新臺幣元"))

    def frame_in(self, unit: str) -> SheetFrame:
        """The same over figures in another unit."""
        award = self.tables.award
        whose = _("計畫編號:{id}  受補助單位:{company}  資料截至:{as_of}  單位:{unit}").format(
            id=award.id, company=award.company, as_of=roc(self.tables.case.as_of), unit=unit
        )
        return SheetFrame(self.stage, whose, str(self.stamp))
