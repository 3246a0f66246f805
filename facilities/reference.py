"""The reference data of the registry, for `load_reference`."""

from facilities.services import load_areas, load_divisions


def load() -> dict[str, int]:
    """Load areas and divisions; a second run changes nothing. Returns how many rows stand, by kind."""
    return {"areas": load_areas(), "divisions": load_divisions()}
