"""Links to what stands in public: which are taken, and when two are the same page. Pure; nothing is ever fetched."""

import hashlib
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.text import clean, has_unstorable

LONGEST = 2000
# what counts visits and tells who shared a page, never which page it is
TRACKING = frozenset(
    {"fbclid", "gclid", "dclid", "msclkid", "igshid", "igsh", "mibextid", "zarsrc", "yclid", "mc_cid", "mc_eid"}
)
SAME_SITE = ("www.", "m.", "mobile.")  # one page, for a desk or for a telephone
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.ASCII)
_WITHOUT_SCHEME = re.compile(r"[^\s/:?#@]+\.[^\s/:?#@]{2,}(?=[/?#]|\Z)")
_KEPT_IN_PATH, _KEPT_IN_QUERY = "/:@!$&'()*+,;=~-._", ""
NOT_A_LINK = _("This is no link to a page on the web. Copy it from the browser; it begins with https:// or http://.")
TOO_LONG = _("A link has at most %(count)s characters.") % {"count": LONGEST}


class LinkRefused(ValueError):
    """A link that is not taken, with its sentence."""

    def __init__(self, sentence: Promise | str) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def link_of(text: str) -> str:
    """The link that somebody typed or pasted, as it is kept: of the web, and shown as it is. Raises `LinkRefused`.

    Pages only (http, https), no account and no password in it: `https://baomau.example.vn@khac.example` leads
    elsewhere than it says."""
    if has_unstorable(text):
        raise LinkRefused(NOT_A_LINK)
    link = clean(text)
    if len(link) > LONGEST:
        raise LinkRefused(TOO_LONG)
    if _WITHOUT_SCHEME.match(link):
        link = f"https://{link}"
    _parts(link)
    return link


def canonical(link: str) -> str:
    """One spelling for all ways in which the address of a page is written, copied and shared. Raises `LinkRefused`."""
    parts, host = _parts(link)
    for name in SAME_SITE:
        if host.startswith(name) and host.count(".") > 1:
            host = host.removeprefix(name)
            break
    port = "" if parts.port in (None, _PORTS[parts.scheme.lower()]) else f":{parts.port}"
    path = quote(unquote_to_bytes(parts.path), safe=_KEPT_IN_PATH).rstrip("/")
    asked = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
        if not _is_tracking(name)
    ]
    query = urlencode(sorted(asked), errors="surrogateescape", safe=_KEPT_IN_QUERY)
    return f"https://{host}{port}{path}{'?' if query else ''}{query}"


def mark_of(link: str) -> str:
    """By what the same page is found again; empty without a link."""
    return hashlib.sha256(canonical(link).encode()).hexdigest() if link else ""


def _is_tracking(name: str) -> bool:
    return name.lower().startswith("utm_") or name.lower() in TRACKING


def _parts(link: str) -> tuple[SplitResult, str]:
    """A link taken apart, with its host as machines write it."""
    if not link.isprintable() or re.search(r"[\s\\<>\"`]", link):  # marks of direction show another address
        raise LinkRefused(NOT_A_LINK)
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
        _port = parts.port  # says here whether it is none
    except ValueError:  # UnicodeError is one
        raise LinkRefused(NOT_A_LINK) from None
    if parts.scheme.lower() not in _PORTS or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise LinkRefused(NOT_A_LINK)
    return parts, host
