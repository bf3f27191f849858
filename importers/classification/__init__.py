"""Vouchers without a category: decisions remembered as rules, and suggestions."""
