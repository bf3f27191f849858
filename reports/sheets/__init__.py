"""The sheets of the settlement workbook, one module each."""
