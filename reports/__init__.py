"""Tables and workbooks made from a case: settlement reports and month-end sheets."""
