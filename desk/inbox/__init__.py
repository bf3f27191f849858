"""收件: files put into the inbox, an import that runs while the page shows how far it is, and a row beside its paper."""
