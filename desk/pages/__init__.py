"""What the accountant's pages show: one module a page, plain values."""
