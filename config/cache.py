"""What the cache reads and writes: JSON. Django's own way is pickle, with which whoever can write to Redis can run code
in our processes."""

import json
from typing import Any


class JsonSerializer:
    """Numbers as they are, so that Redis can count them; all else as JSON."""

    def dumps(self, value: Any) -> int | bytes:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        return json.loads(stored)
