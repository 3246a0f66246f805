"""The environment of Django's processes, and the keys that development makes for itself."""

import base64
import json
import os
import secrets
from pathlib import Path

from . import install
from .services import Services
from .state import RUN, make_run, wait_lock


def development_keys() -> dict[str, str]:
    """The keys of this checkout. Losing the file makes encrypted development data unreadable."""
    path = make_run() / "dev-secrets"
    with wait_lock(RUN / "dev-secrets.lock"):
        if not path.exists():
            made = {
                "SECRET_KEY": secrets.token_urlsafe(50),
                "FIELD_KEYS": f"dev:{base64.b64encode(os.urandom(32)).decode()}",
            }
            unfinished = path.with_suffix(".new")
            unfinished.touch(mode=0o600)
            unfinished.write_text(json.dumps(made, indent=1), encoding="utf-8")
            unfinished.replace(path)
        kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    if ":" not in kept["FIELD_KEYS"]:
        kept["FIELD_KEYS"] = f"dev:{kept['FIELD_KEYS']}"  # made before keys had names
    return kept


def django_environment(found: Services) -> dict[str, str]:
    """The caller's variables, and ours where the caller set none (an empty one counts as not set)."""
    ours = {**development_keys(), **found.environment, "DEMO": "1", "COMPRESS_STATIC": "0"}
    ours["MEDIA_ROOT"] = str(RUN / "media" / found.place.name)
    ours["STATIC_ROOT"] = str(RUN / "static" / found.place.name)
    for folder in (ours["MEDIA_ROOT"], ours["STATIC_ROOT"]):
        Path(folder).mkdir(parents=True, exist_ok=True)
    merged = {**ours, **{name: value for name, value in os.environ.items() if value or name not in ours}}
    merged.pop("PYTHONHOME", None)
    if merged.pop("PYTHONDONTWRITEBYTECODE", ""):
        # whoever set it wants a clean tree; compiling 2000 modules at each start would cost seconds every time
        merged.setdefault("PYTHONPYCACHEPREFIX", str(RUN / "bytecode"))
    merged["VIRTUAL_ENV"] = str(install.VENV)
    merged["PATH"] = os.pathsep.join([str(install.VENV / "bin"), os.environ.get("PATH", os.defpath)])
    return merged
