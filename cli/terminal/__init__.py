"""What every command prints with: tables, findings, wrapping."""
