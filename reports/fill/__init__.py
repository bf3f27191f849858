"""An authority's own workbook filled in: its cells and tables from a case, everything else as it came."""
