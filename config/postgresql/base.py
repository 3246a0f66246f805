"""The backend itself, named as Django looks for it."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

LOST = (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a kept connection whether it still lives without asking the server: Django's own question is a statement,
    once a request."""

    def is_usable(self) -> bool:
        """An idle server is silent: what can be read from it is its farewell, or the end of the line."""
        if self.connection is None or self.connection.closed or self.connection.info.transaction_status in LOST:
            return False
        look = select.poll()
        look.register(self.connection.fileno(), select.POLLIN)
        return not look.poll(0)
