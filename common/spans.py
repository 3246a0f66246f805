"""How long something takes, in one unit and in words."""

from datetime import timedelta

from django.utils.translation import ngettext

_HOUR, _DAY = 60, 24 * 60


def in_words(span: timedelta) -> str:
    """A span as people say it: minutes up to an hour, hours up to two days, then days; never longer than it is."""
    minutes = max(1, int(abs(span).total_seconds() // 60))
    if minutes < _HOUR:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    if minutes < 2 * _DAY:
        hours = minutes // _HOUR
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = minutes // _DAY
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
