"""Which passwords are refused beside the short, the numeric and the twenty thousand most common ones."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from common.text import fold

LONGEST_LOOKED_AT = 72  # what the estimate costs grows with the length; what comes after makes no password worse
ENOUGH = 3  # of 4: more than a hundred million guesses
HERE = ["langnghe", "soyte", "benhvien", "phananh", "duongdaynong", "matkhau", "matkhaumoi", "saigon", "hochiminh",
        "hanoi", "vietnam", "yeuem", "anhyeuem", "congtac", "chuyenvien"]  # fmt: skip


class HardToGuess:
    """Refuses what falls quickly to the lists and rules that attackers use: passwords from known breaches, names and
    words, keyboard rows, dates, repetitions, and the person's own name. All lists lie in the package; nothing is
    looked up elsewhere. About ten milliseconds."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password that is guessed too soon."""
        if zxcvbn(password[:LONGEST_LOOKED_AT], user_inputs=[*HERE, *_words_of(user)])["score"] < ENOUGH:
            sentence = _("This password is guessed too easily. Take four or more words without any relation.")
            raise ValidationError(sentence, code="password_guessable")

    def get_help_text(self) -> str:
        return _("Four or more words without any relation make a good password.")


def _words_of(user: Any) -> list[str]:
    """What somebody would try first who knows the person."""
    said = [getattr(user, name, "") or "" for name in ("username", "display_name", "email")]
    folded = [fold(text).split() for text in said]
    return [word for parts in folded for word in (*parts, "".join(parts))]
