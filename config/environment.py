"""Strict reading of the environment: an odd or missing value stops the start with one clear sentence."""

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,15}")
SIGNING = "whsec_"
SIGNING_BYTES = range(24, 65)


def text(name: str, default: str | None = None) -> str:
    """The value of `name`; without a default a missing or empty one is refused."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. README.md, section Configuration, says what it is for.")
    return value


def host(address: str) -> str:
    """The name in an address, without `www.`."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def flag(name: str, default: bool = False) -> bool:
    """A yes/no value; anything but 1/0, true/false, yes/no, on/off is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int, among: range | None = None) -> int:
    """A whole number, one of `among` where not every one makes sense."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        found = int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None
    if among is not None and found not in among:
        raise ImproperlyConfigured(f"{name} must lie between {among[0]} and {among[-1]}, not be {found}.")
    return found


def scanner(name: str) -> str:
    """Where the virus scanner listens: `unix:///run/clamav/clamd.ctl` or `tcp://host:3310`; empty for none."""
    value = os.environ.get(name, "").strip()
    place = urlsplit(value)
    if value and not (place.scheme == "unix" and place.path or place.scheme == "tcp" and place.hostname):
        raise ImproperlyConfigured(f"{name} must be unix:///path or tcp://host:port, not {value!r}.")
    return value


def files() -> dict[str, Any]:
    """Where attachments lie: in `MEDIA_ROOT`, or in an S3-compatible store when `FILES_BUCKET` names one."""
    bucket = os.environ.get("FILES_BUCKET", "").strip()
    if not bucket:
        return {"BACKEND": "common.uploads.storage.LocalFiles"}
    options = {
        "bucket_name": bucket,
        "endpoint_url": os.environ.get("FILES_ENDPOINT", "").strip() or None,
        "region_name": os.environ.get("FILES_REGION", "").strip() or None,
        "access_key": text("FILES_ACCESS_KEY"),
        "secret_key": text("FILES_SECRET_KEY"),
    }
    return {"BACKEND": "common.uploads.bucket.BucketFiles", "OPTIONS": options}


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without blanks."""
    return [word for word in (part.strip() for part in os.environ.get(name, default).split(",")) if word]


def keys(name: str) -> dict[str, bytes]:
    """Sealing keys by their ids, `id:base64,id:base64`; the first one seals, all of them open. No key is ever shown."""
    found: dict[str, bytes] = {}
    for number, word in enumerate(text(name).split(","), start=1):
        key_id, separator, key = (part.strip() for part in word.partition(":"))
        if not separator or not KEY_ID.fullmatch(key_id):
            raise ImproperlyConfigured(
                f"{name}, key {number}: write id:key, the id in at most 16 small letters, digits and dashes."
            )
        if key_id in found:
            raise ImproperlyConfigured(f"{name} names the key {key_id} twice.")
        found[key_id] = _key(name, key_id, key)
    return found


def _key(name: str, key_id: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name}, key {key_id}: a key is {KEY_BYTES} random bytes written in base64.")
    return key


def database(name: str = "DATABASE_URL") -> dict[str, Any]:
    """A PostgreSQL address, as Django wants it; another kind of database is refused."""
    url = text(name)
    if urlsplit(url).scheme not in {"postgres", "postgresql", "psql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql://: nothing else keeps this system's promises.")
    return dict(environ.Env.db_url_config(url))


def email(name: str = "EMAIL_URL", default: str = "consolemail://") -> dict[str, Any]:
    """A mail server's address, as Django's EMAIL_* settings."""
    url = text(name, default)
    try:
        return dict(environ.Env.email_url_config(url))
    except (KeyError, ImproperlyConfigured):
        raise ImproperlyConfigured(f"{name} must begin with smtp://, smtp+tls:// or consolemail://.") from None


def mailbox(name: str) -> str:
    """A mailbox to read: imaps://user:password@host/FOLDER, imap://… (for a server on this machine), or
    maildir:///folder; empty for none. What is wrong with it is told without its password."""
    url = os.environ.get(name, "").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_server = parts.scheme in {"imaps", "imap"} and parts.hostname and parts.username and parts.port != 0
    except ValueError:
        is_server = False
    if not is_server and not re.match(r"maildir:///[^?#]+$", url):
        raise ImproperlyConfigured(f"{name} must be imaps://user:password@host/FOLDER or maildir:///folder.")
    return url


def folder(name: str, default: Path) -> Path:
    """A directory's path, made absolute."""
    return Path(os.environ.get(name, "").strip() or default).resolve()


def gateway(name: str) -> dict[str, Any] | None:
    """Where messages of one kind are posted and what signs them, `NAME_URL` and `NAME_SECRET`; None without an address.

    The address is the only one that is ever asked, so nothing in it may be ambiguous."""
    url = os.environ.get(f"{name}_URL", "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        is_plain = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none
        is_plain = False
    if not is_plain or parts.username or parts.password or parts.fragment:
        raise ImproperlyConfigured(f"{name}_URL must be https://host/path, without user, password or fragment.")
    return {"url": url, "secrets": _signing_keys(f"{name}_SECRET")}


def _signing_keys(name: str) -> list[bytes]:
    """Signing secrets, comma-separated: while one replaces another, messages carry the signature of both."""
    found = []
    for word in text(name).split(","):
        try:
            key = base64.b64decode(word.strip().removeprefix(SIGNING), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not word.strip().startswith(SIGNING) or len(key) not in SIGNING_BYTES:
            raise ImproperlyConfigured(f"{name}: a secret is {SIGNING} and 24 to 64 random bytes written in base64.")
        found.append(key)
    return found
