"""`import.toml`: rules for vouchers, accounts of statement files."""
