"""What this door refuses beyond what every door does."""

from django.utils.translation import gettext_lazy as _

from common.exceptions import Refused


class NothingThere(Refused):
    """A service, request, token or jurisdiction that is not here, or not for this caller."""

    code = "not_found"
    status = 404
    message = _("Not found.")


class WrongKey(Refused):
    """No `api_key`, a wrong one, or one that may not do this: 403, as the specification says, not 401."""

    code = "forbidden"
    status = 403
    message = _("The api_key is missing, wrong, expired or withdrawn. Nothing was stored.")
