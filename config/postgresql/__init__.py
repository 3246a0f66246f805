"""Django's PostgreSQL backend for connections that a thread keeps from one request to the next."""
