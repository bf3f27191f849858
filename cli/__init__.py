"""The `grant` command: a module a command group; no rule and no arithmetic here."""
