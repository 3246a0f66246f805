"""Facilities from spreadsheets: read a file (reading), say what each row would do (plan), do it (apply)."""
