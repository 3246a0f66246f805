"""How urgent a text sounds: an emergency by its own words, everything else by its category. Pure."""

from suggestions.engine.features import Read

EMERGENCY = "S1"
FROM = 0.85  # rather one warning too many: an emergency missed costs a life, a wrong warning one look


def danger(read: Read) -> float:
    """How much the words tell of a life at risk, or of somebody held, now rather than then."""
    threat = max(read.cue("danger"), 1.2 * read.cue("held"))
    return threat + 0.6 * read.cue("now") - 0.9 * read.cue("past") - 0.5 * read.cue("ask")


def is_emergency(read: Read) -> bool:
    threat = max(read.cue("danger"), read.cue("held"))
    return threat > 0.3 and danger(read) >= FROM


def reasons(read: Read) -> tuple[str, ...]:
    """The words that made it sound urgent."""
    found = [*read.cues.get("danger", (0.0, []))[1][:3], *read.cues.get("held", (0.0, []))[1][:2]]
    return tuple(found + read.cues.get("now", (0.0, []))[1][:2])
