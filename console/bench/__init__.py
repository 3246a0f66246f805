"""The benchmark: what the system does at a million cases, beside raw SQL on the same rows in the same run.

`manage.py bench` runs it (`python3 dev.py bench` on a database of its own). Loopback only."""
