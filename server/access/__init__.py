"""Who may come in and see what: users, roles, sessions, OpenID Connect."""
