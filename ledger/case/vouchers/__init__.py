"""What a voucher says beyond its amounts: its lines, and what differs from the approved item."""
