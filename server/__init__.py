"""One web server: log-in and roles, the home page with the cases, and each case's Fava on demand."""
