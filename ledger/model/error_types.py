"""The kinds of error that a finding may be of, one field a finding.

After the typology of findings that the European Commission and the audit authorities of the Member States share
(programming period 2014-2020; used in the annual control reports, EGESIF 15-0002): the kinds that grants to companies
know. What belongs to structural funds alone (financial instruments, revenue-generating projects) is left out.
"""

from __future__ import annotations

ERROR_TYPES = (
    "ineligible-project",
    "ineligible-expenditure",
    "missing-documents",
    "accounting-calculation",
    "public-procurement",
    "state-aid",
    "simplified-costs",
    "durability",
    "publicity",
    "sound-financial-management",
    "other",
)
