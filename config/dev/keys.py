"""Development's own SECRET_KEY and FIELD_KEYS, made once, kept in `.run/dev-secrets`, never in the repository."""

import base64
import json
import os
import secrets

from .state import RUN, make_run, wait_lock


def development_keys() -> dict[str, str]:
    """The keys of this checkout. Losing the file makes encrypted development data unreadable, nothing more."""
    path = make_run() / "dev-secrets"
    with wait_lock(RUN / "dev-secrets.lock"):
        if not path.exists():
            made = {
                "SECRET_KEY": secrets.token_urlsafe(50),
                "FIELD_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            }
            unfinished = path.with_suffix(".new")
            unfinished.touch(mode=0o600)
            unfinished.write_text(json.dumps(made, indent=1), encoding="utf-8")
            unfinished.replace(path)
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept
