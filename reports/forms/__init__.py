"""Single forms: receipt, remittance, month-end sheet."""
