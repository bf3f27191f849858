"""The case itself: schemes, award, directives, arithmetic, month close and writing."""
