"""Workbooks downloaded from the e-invoice platform."""
