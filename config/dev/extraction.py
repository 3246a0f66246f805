"""Which texts of the sources are for translation. In pure Python, since a fresh machine has no xgettext.

Runs in the virtual environment. Third-party texts belong to the catalogue too when their package has no
Vietnamese for them: otherwise half of the console would speak English.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

from .install import site_packages
from .state import ROOT

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
NOT_OURS = {
    ".venv",
    ".tools",
    ".run",
    ".git",
    "tests",
    "migrations",
    "staticfiles",
    "media",
    "docs",
    "deploy",
    "dev",
}
NOT_SHOWN = {"tests", "test", "migrations", "testing"}
# packages whose sources are read, because they bring no English catalogue or no Vietnamese
SILENT_PACKAGES = (
    "unfold",
    "simple_history",
    "import_export",
    "django_filters",
    "knox",
    "drf_spectacular",
    "phonenumber_field",
    "pgtrigger",
    "rest_framework",  # brings compiled catalogues only
)
# packages that bring an English catalogue of all their texts and Vietnamese for most of them
SPEAKING_PACKAGES = (
    "django/conf",
    "django/contrib/admin",
    "django/contrib/auth",
    "django/contrib/contenttypes",
    "django/contrib/humanize",
    "django/contrib/postgres",
    "django/contrib/sessions",
)

Key = tuple[str, str]  # context (or nothing) and text


@dataclass
class Message:
    """One text: its context, its plural if it has one, and the files that show it."""

    context: str
    text: str
    plural: str = ""
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """What a catalogue looks it up by."""
        return self.context, self.text


class Collection(dict[Key, Message]):
    """Messages by key; the same text in several files is one message."""

    def note(self, message: Message) -> None:
        """Add a message, or its files and plural to the one that is there."""
        known = self.setdefault(message.key, message)
        known.files |= message.files
        known.plural = known.plural or message.plural


def from_python(source: bytes, name: str) -> Iterator[Message]:
    """The messages of Python source."""
    for _line, found, _comments, context in extract("python", io.BytesIO(source), keywords=KEYWORDS):
        text, plural = found if isinstance(found, tuple) else (found, "")
        if text:
            yield Message(context or "", text, plural or "", {name})


def from_template(source: str, name: str) -> Iterator[Message]:
    """The messages of a Django template, through Django's own rewriting of it into something like Python."""
    rewritten = "\n".join(line.strip() for line in templatize(source, origin=name).splitlines())
    yield from from_python(rewritten.encode(), name)


def from_file(path: Path, base: Path) -> Iterator[Message]:
    """The messages of one file."""
    name = path.relative_to(base).as_posix()
    if path.suffix == ".py":
        yield from from_python(path.read_bytes(), name)
    else:
        yield from from_template(path.read_text(encoding="utf-8"), name)


def files(folder: Path, base: Path, without: set[str]) -> Iterator[Path]:
    """Python files, and templates below a `templates` folder."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(base).parts
        if without.intersection(parts[:-1]) or not path.is_file():
            continue
        if path.suffix == ".py" or (path.suffix in {".html", ".txt", ".xml"} and "templates" in parts):
            yield path


def our_messages() -> Collection:
    """What our own sources show."""
    found = Collection()
    for entry in sorted(ROOT.iterdir()):
        if entry.name in NOT_OURS or not entry.is_dir():
            continue
        for path in files(entry, ROOT, NOT_OURS):
            for message in from_file(path, ROOT):
                found.note(message)
    return found


def is_vietnamese(entry: polib.POEntry) -> bool:
    """Whether a catalogue's entry is really translated."""
    has_text = bool(entry.msgstr or any((entry.msgstr_plural or {}).values()))
    return has_text and "fuzzy" not in entry.flags and not entry.obsolete


def catalogue(package: str, language: str) -> list[polib.POEntry]:
    """The entries of a package's own catalogue; none when it has no catalogue."""
    folder = site_packages() / package / "locale" / language / "LC_MESSAGES"
    if (folder / "django.po").is_file():
        return list(polib.pofile(str(folder / "django.po")))
    return list(polib.mofile(str(folder / "django.mo"))) if (folder / "django.mo").is_file() else []


def spoken_already() -> dict[Key, str]:
    """What the packages say in Vietnamese themselves. Django merges all of their catalogues into one."""
    packages = (*SPEAKING_PACKAGES, *SILENT_PACKAGES)
    entries = [entry for package in packages for entry in catalogue(package, "vi") if is_vietnamese(entry)]
    return {(entry.msgctxt or "", entry.msgid): entry.msgstr or entry.msgstr_plural[0] for entry in entries}


def their_messages() -> Collection:
    """What packages show. rest_framework puts singular and plural together only when it runs."""
    found = Collection()
    for message in [*from_silent_packages(), *from_speaking_packages()]:
        found.note(message)
    wait = found.get(("", "Expected available in {wait} second."))
    if wait:
        wait.plural = "Expected available in {wait} seconds."
    return found


def from_silent_packages() -> Iterator[Message]:
    """Texts read from packages' sources."""
    base = site_packages()
    for package in SILENT_PACKAGES:
        for path in files(base / package, base, NOT_SHOWN):
            yield from from_file(path, base)


def from_speaking_packages() -> Iterator[Message]:
    """Texts read from packages' English catalogues."""
    for package in SPEAKING_PACKAGES:
        for entry in catalogue(package, "en"):
            if entry.msgid and not entry.obsolete:
                names = {re.sub(r"^contrib/", "django/contrib/", name) for name, _line in entry.occurrences}
                yield Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "", names or {package})


@dataclass(frozen=True)
class Extraction:
    """All texts: those that the catalogue must hold, and those that a package says in its own Vietnamese."""

    needed: Collection
    optional: Collection
    spoken: dict[Key, str]

    def wanted(self, translations: dict[Key, str]) -> Collection:
        """What belongs into the catalogue: what is needed, and what it says better than the package does."""
        wanted = Collection(self.needed)
        for key, message in self.optional.items():
            if translations.get(key, self.spoken[key]) != self.spoken[key]:
                wanted.note(message)
        return wanted


def all_messages() -> Extraction:
    """Ours, and theirs by whether their package has Vietnamese for them."""
    if not settings.configured:
        settings.configure()
    needed, optional, spoken = our_messages(), Collection(), spoken_already()
    for message in their_messages().values():
        is_optional = message.key in spoken and message.key not in needed
        (optional if is_optional else needed).note(message)
    return Extraction(needed, optional, spoken)
