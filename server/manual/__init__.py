"""The manual as pages of the server: docs/*.md, so that help needs no other site."""
