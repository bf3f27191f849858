"""Readers of vouchers: every one gives a `Reading` whose records are `VoucherRecord`s."""
