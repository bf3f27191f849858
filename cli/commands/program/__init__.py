"""The server, its users, the schemes."""
