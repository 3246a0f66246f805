"""`dev.py messages`: the one Vietnamese catalogue, locale/vi/LC_MESSAGES/django.po and its compiled .mo.

Runs in the virtual environment. Existing translations are kept, new texts are added with translations from JSON
files, texts that nobody shows any more go. Order and header never change by themselves: a diff shows words only.
A text that a package translates itself stays in when the catalogue says it differently, that is, better.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polib

from .extraction import Collection, Extraction, Key, Message, all_messages
from .state import ROOT
from .terminal import Problem, say

CATALOGUE = ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"
SEPARATOR = "\x04"  # between context and text in a JSON key, as in compiled catalogues
HEADER = {
    "Project-Id-Version": "langnghe",
    "Language": "vi",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PERCENT = re.compile(r"%(?:%|(?:\((?P<name>\w+)\))?[#0+-]*\d*(?:\.\d+)?(?P<kind>[diouxXeEfFgGcrs]))")
BRACES = re.compile(r"\{(\w*)(?:[!:][^{}]*)?\}")


def key_of(entry: polib.POEntry) -> Key:
    """What an entry is looked up by."""
    return entry.msgctxt or "", entry.msgid


def translation_of(entry: polib.POEntry) -> str:
    """An entry's Vietnamese; a plural has one form in Vietnamese."""
    return str(entry.msgstr_plural.get(0, "")) if entry.msgid_plural else str(entry.msgstr)


def json_key(key: Key) -> str:
    """How a message is named in JSON files."""
    return SEPARATOR.join(part for part in key if part)


# --- what must agree between a text and its translation ---


def placeholders(text: str) -> list[str]:
    """What is filled in later: `%(name)s` and `{name}` by name, `%s` and `{}` as often as they stand there."""
    percents = [match for match in PERCENT.finditer(text) if match["kind"]]
    braces = BRACES.findall(text)
    named = {f"%({match['name']})" for match in percents if match["name"]}
    named |= {f"{{{name}}}" for name in braces if name}
    unnamed = [f"%{match['kind']}" for match in percents if not match["name"]]
    unnamed += ["{}" for name in braces if not name]
    return sorted([*named, *unnamed])


def placeholder_fault(message: Message, translation: str) -> str:
    """What is wrong with a translation's placeholders, or nothing. It may leave out what one plural form lacks."""
    given, text = placeholders(translation), placeholders(message.text)
    plural = placeholders(message.plural) if message.plural else text
    is_right = given == plural or (set(text) & set(plural) <= set(given) <= set(text) | set(plural) and text != plural)
    return "" if is_right else f"placeholders {' '.join(given) or 'none'} instead of {' '.join(plural) or 'none'}"


def edge_fault(text: str, translation: str) -> str:
    """Gettext's rule: both begin and end with a line break, or neither does."""
    if text.startswith("\n") != translation.startswith("\n") or text.endswith("\n") != translation.endswith("\n"):
        return "a line break at the beginning or end stands on one side only"
    return ""


# --- the catalogue ---


def load() -> polib.POFile:
    """The catalogue as it is, or an empty one."""
    return polib.pofile(str(CATALOGUE)) if CATALOGUE.is_file() else polib.POFile()


def load_translations(folder: Path) -> dict[str, str]:
    """Translations from every JSON file of a folder. Two files that disagree are refused."""
    found: dict[str, str] = {}
    origin: dict[str, str] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Problem(f"{path.name} is not JSON: {error}") from None
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise Problem(f"{path.name} must map texts to translations, both strings.")
        for text, translation in given.items():
            if found.get(text, translation) != translation:
                raise Problem(f"{origin[text]} and {path.name} translate {text!r} differently.")
            if translation:
                found[text], origin[text] = translation, path.name
    return found


def entry_for(message: Message, translation: str) -> polib.POEntry:
    """A catalogue entry, with the files' names but no line numbers: those would change with every edit."""
    return polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.text,
        msgid_plural=message.plural,
        msgstr="" if message.plural else translation,
        msgstr_plural={0: translation} if message.plural else {},
        occurrences=[(name, "") for name in sorted(message.files)],
        flags=["python-format"] if any(item.startswith("%") for item in placeholders(message.text)) else [],
    )


def merged(found: Extraction, translations: dict[Key, str]) -> polib.POFile:
    """The catalogue of these messages with these translations."""
    result = polib.POFile(wrapwidth=100)
    result.metadata = dict(HEADER)
    wanted = found.wanted(translations)
    for key in sorted(wanted, key=lambda key: (key[1], key[0])):
        result.append(entry_for(wanted[key], translations.get(key, "")))
    return result


def chosen(found: Extraction, kept: Mapping[Key, str], given: Mapping[str, str]) -> dict[Key, str]:
    """Each message's translation: a kept one, else one given for its context and text, else one for its text."""
    result = dict(kept)
    for key in [*found.needed, *found.optional]:
        translation = result.get(key) or given.get(json_key(key)) or given.get(key[1])
        if translation:
            result[key] = translation
    return result


def kept_translations(catalogue: polib.POFile) -> dict[Key, str]:
    """What is translated already; a doubtful ("fuzzy") entry counts as not translated."""
    return {
        key_of(entry): translation_of(entry)
        for entry in catalogue
        if not entry.obsolete and "fuzzy" not in entry.flags and translation_of(entry)
    }


def missing(found: Extraction, kept: Mapping[Key, str]) -> dict[str, str]:
    """Texts without translation, as a JSON file that only needs filling in."""
    return {json_key(key): "" for key in sorted(found.needed) if key not in kept}


def gaps(wanted: Collection, catalogue: polib.POFile) -> Iterator[str]:
    """Each thing that is wrong with the catalogue, as one line."""
    kept = kept_translations(catalogue)
    entries = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    for entry in catalogue:
        if entry.obsolete or key_of(entry) not in wanted:
            yield f"nobody shows {entry.msgid!r} any more"
        if "fuzzy" in entry.flags:
            yield f"doubtful (fuzzy): {entry.msgid!r}"
    for key, message in sorted(wanted.items(), key=lambda item: item[0]):
        shown = f"{message.text!r} ({', '.join(sorted(message.files))})"
        if key not in entries:
            yield f"not in the catalogue: {shown}"
        elif key not in kept:
            yield f"not translated: {shown}"
        else:
            for fault in (placeholder_fault(message, kept[key]), edge_fault(message.text, kept[key])):
                if fault:
                    yield f"{fault}: {message.text!r} → {kept[key]!r}"


def check() -> int:
    """Print each gap; 1 when there is any."""
    catalogue = load()
    found = all_messages()
    kept = kept_translations(catalogue)
    faults = list(gaps(found.wanted(kept), catalogue))
    if not faults and str(merged(found, kept)) != CATALOGUE.read_text(encoding="utf-8"):
        faults.append("the catalogue's order, references or header differ; `python3 dev.py messages` puts them right")
    compiled = CATALOGUE.with_suffix(".mo")
    if CATALOGUE.is_file() and (not compiled.is_file() or compiled.read_bytes() != catalogue.to_binary()):
        faults.append("django.mo does not match django.po; `python3 dev.py messages` writes it")
    for fault in faults:
        say(fault)
    say(f"{len(catalogue)} texts, {len(faults)} gaps.")
    return 1 if faults else 0


def write(folder: Path | None) -> int:
    """Bring the catalogue up to the sources and compile it."""
    before = load()
    found = all_messages()
    kept = kept_translations(before)
    catalogue = merged(found, chosen(found, kept, load_translations(folder) if folder else {}))
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(str(catalogue), encoding="utf-8")
    CATALOGUE.with_suffix(".mo").write_bytes(catalogue.to_binary())
    translated = sum(bool(translation_of(entry)) for entry in catalogue)
    gone = len(set(kept) - {key_of(entry) for entry in catalogue})
    say(f"{translated} of {len(catalogue)} texts are translated; {gone} that nobody shows went.")
    return 0


def main(arguments: Sequence[str]) -> int:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="dev.py messages", description="The Vietnamese catalogue.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="change nothing; name each gap; exit code 1 if any")
    choice.add_argument("--missing", action="store_true", help="change nothing; print JSON of texts to translate")
    choice.add_argument("--from", dest="folder", type=Path, help="take translations from the JSON files in a folder")
    wanted = parser.parse_args(arguments)
    if wanted.check:
        return check()
    if wanted.missing:
        say(json.dumps(missing(all_messages(), kept_translations(load())), ensure_ascii=False, indent=1))
        return 0
    if wanted.folder and not wanted.folder.is_dir():
        raise Problem(f"{wanted.folder} is not a directory.")
    return write(wanted.folder)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as problem:
        sys.exit(f"dev.py messages: {problem}")
