"""Booked entries made anew: shares, payments and drafts after something before them changed."""
