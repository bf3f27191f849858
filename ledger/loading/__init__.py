"""Reading a case folder: Beancount's loader, what it reports, and what may not be opened."""
