"""What each page of the extension shows, as plain data made from a `View`."""
