"""Readers of bank statements and vouchers, and the pipeline that books them."""
