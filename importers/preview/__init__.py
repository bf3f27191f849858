"""What an import would do, told in an accountant's words before it is done: each file, and each record of it."""
