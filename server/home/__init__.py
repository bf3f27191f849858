"""The home page: the cases by risk with their totals, and the page of the whole portfolio."""
