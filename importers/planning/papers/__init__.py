"""Voucher records compared with one another and with the books."""
