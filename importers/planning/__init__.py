"""From records to entries: what is new, what a bank line is, which voucher it pays."""
