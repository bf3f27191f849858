"""What a voucher says beyond its amounts: approved item, lines, foreign money, pay."""
