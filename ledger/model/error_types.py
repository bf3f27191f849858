"""The kinds of error that a finding may be of, one field a finding.

After the typology of findings by which audit authorities of the EU report what they found to the European Commission
(EGESIF_15-0002-04 of 19 December 2018, Guidance for Member States on the Annual Control Report and Audit Opinion and on
the treatment of errors, programming period 2014-2020): the kinds that grants to companies know. What belongs to
structural funds alone (financial instruments, revenue-generating projects) is left out. The names are ours for those
kinds; the Commission's own numbers for them are not used, for no public text that we could read prints them.
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
