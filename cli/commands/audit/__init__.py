"""Judging: checks, waivers, deductions, bundles, many cases."""
