"""The overview: how far a case is, what is next, what holds it up."""
