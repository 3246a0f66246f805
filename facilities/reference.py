"""The reference data of the registry, for `load_reference`."""

from facilities.services import load_areas, load_divisions


def load() -> str:
    """Load areas and divisions; a second run changes nothing. Answers one line for the operator."""
    return f"{load_areas()} areas, {load_divisions()} divisions"
