"""Symbols that people read aloud: Crockford's base 32 with a check symbol that catches a dictation error."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"
CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"  # 23, none that is taken for a digit or for another one
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def random_symbols(count: int) -> str:
    """`count` symbols from the operating system's random source, 5 bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def normalised(text: str) -> str:
    """What a person typed, as it was meant: upper case, no blanks or dashes, O as 0, I and L as 1."""
    return "".join(text.upper().split()).replace("-", "").translate(_LOOKALIKES)


def check_symbol(symbols: str) -> str:
    """Crockford's modulo-37 check symbol; finds every single wrong symbol and every swap of neighbours."""
    value = 0
    for symbol in symbols:
        value = (value * 32 + ALPHABET.index(symbol)) % 37
    return CHECK_ALPHABET[value]


def check_letter(digits: str) -> str:
    """One letter for a number that is dictated: finds every single wrong digit and every swap of two neighbours."""
    return CHECK_LETTERS[int(digits) % len(CHECK_LETTERS)]


def has_valid_check(symbols: str) -> bool:
    """Does the last symbol fit those before it?"""
    body, check = symbols[:-1], symbols[-1:]
    return bool(body) and all(symbol in ALPHABET for symbol in body) and check_symbol(body) == check
