"""What may stand in a cell of a spreadsheet that we hand out."""

FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def harmless(value: object) -> str:
    """A cell that a spreadsheet shows as text: what begins like a formula, also in wide letters or behind blanks, gets
    an apostrophe."""
    text = str(value)
    return f"'{text}" if text.startswith(("\t", "\r")) or text.lstrip().startswith(FORMULAS) else text
