"""A file that is not taken."""

from django.utils.functional import Promise


class FileRefused(Exception):
    """A file that is not taken, with a sentence for the sender."""

    def __init__(self, sentence: Promise | str) -> None:
        self.sentence = sentence
