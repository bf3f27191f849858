"""Filing originals: where they go, what is there, which voucher a scan belongs to."""
