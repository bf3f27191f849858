"""Beancount entries: how they are built and how they are compared."""
