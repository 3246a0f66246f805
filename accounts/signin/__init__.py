"""Signing in: a password, then a second factor, for everybody who works in the console (docs/adr/0007)."""
