"""Addresses, forms and templates of the accountant's pages, and the tables of pages and acts."""
