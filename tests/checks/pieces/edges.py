"""What the checks say of the edges of the rules."""

from __future__ import annotations

FOUND = """
2023-09-01 custom "grant-finding" "F-001"
  voucher: "AB12345678"
  state: "disallowed"
  deducted: 20000 TWD
"""
