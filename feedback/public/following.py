"""What a reporter does on the follow-up page. The page is posted without a session, so a reload posts again: every deed
here leaves one effect however often the same thing arrives."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.services import engine
from common.exceptions import InvalidInput
from common.scope import system
from feedback import files, services
from feedback.choices import Audience
from feedback.models import Case

SAME_WITHIN = timedelta(hours=1)
MOST_MESSAGES = 50
MOST_FILES = 25
ENOUGH = gettext_lazy("This feedback has very many messages already. Please ring the hotline.")


@transaction.atomic
@system
def add(case: Case, text: str, uploads: Sequence[files.Checked]) -> None:
    """Keep what the reporter adds: words, files or both, once. Raises `InvalidInput`."""
    Case.objects.select_for_update().get(pk=case.pk)
    at = timezone.now()
    have = set(case.attachments.filter(by=None).values_list("sha256", flat=True))
    new = [upload for upload in uploads if upload.sha256() not in have]
    if new and not text:
        # whoever has the case hears of words; stored in the department's language
        with override(settings.LANGUAGE_CODE):
            text = _("Files added: %(count)s") % {"count": len(new)}
    mine = case.notes.filter(by=None)
    if text and not mine.filter(text=text, at__gte=at - SAME_WITHIN).exists():
        if mine.count() >= MOST_MESSAGES:
            raise InvalidInput({"text": [ENOUGH]})
        services.add_from_reporter(case, text)
    if len(have) + len(new) > MOST_FILES:
        raise InvalidInput({"files": [ENOUGH]})
    files.keep(new, case=case, audience=Audience.DEPARTMENT, by=None, at=at)


@transaction.atomic
@system
def rate(case: Case, satisfaction: str, comment: str) -> Case:
    """Keep whether the reporter is satisfied, once: the first word stands. Raises `MoveRefused`, `InvalidInput`."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    if locked.satisfaction:
        return locked
    return services.rate(locked, satisfaction, comment=comment, by=engine())
