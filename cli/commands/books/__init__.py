"""Keeping the books: making a case, importing, answering, putting right, closing."""
