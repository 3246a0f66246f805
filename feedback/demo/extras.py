"""The few things that do not come by COPY: pictures beside some cases, and codes with which to follow some."""

import io
import secrets
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from feedback import receipts
from feedback.choices import Audience, Status
from feedback.demo.people import SignIn
from feedback.demo.told import Told
from feedback.files import checked, keep
from feedback.models import Case

PICTURES, CODES = 14, 3
SHOWN = ("COSO.01", "COSO.02", "COSO.03", "COSO.05", "VIPHAM.05", "THUOC.02", "DUPHONG.02")


@dataclass
class Kept:
    """Cases noticed while they were told: some to give a picture, some to give a code."""

    pictured: list[int] = field(default_factory=list)
    followed: dict[str, tuple[int, str]] = field(default_factory=dict)

    def consider(self, case: Told) -> None:
        """Remember the newest that fit."""
        if case.topic is None or case.is_confidential:
            return
        if case.topic.code in SHOWN and case.clocks.all[0].starts_at.minute % 3 == 0:
            self.pictured = [*self.pictured, case.id][-PICTURES:]
        if case.draft.door.source == "public" and case.status in (Status.FORWARDED, Status.REPLIED, Status.CLOSED):
            self.followed[case.status] = (case.id, case.reference)

    def join(self, later: "Kept") -> None:
        """What a later block noticed is newer."""
        self.pictured = [*self.pictured, *later.pictured][-PICTURES:]
        self.followed |= later.followed


def add(kept: Kept, *, seed: int) -> list[SignIn]:
    """Store the pictures and the codes; the codes are returned, since the database cannot show them again."""
    random = Random(f"{seed} pictures")
    for case in Case.objects.filter(pk__in=kept.pictured).order_by("pk"):
        upload: Any = ContentFile(picture(random), name=f"anh-{case.pk}.png")
        keep([checked(upload)], case=case, audience=Audience.DEPARTMENT, by=case.recorded_by, at=case.received_at)
    return [_code(*each) for each in list(kept.followed.values())[:CODES]]


def _code(case_id: int, reference: str) -> SignIn:
    code = receipts.code_from(secrets.token_urlsafe(24))
    receipts.issue(Case.objects.get(pk=case_id), code)
    return SignIn("citizen", "Người dân tra cứu phản ánh", reference, receipts.shown(code), "/tra-cuu/")


def picture(random: Random) -> bytes:
    """A small drawing of nothing: a wall, a floor, some boxes."""
    image = Image.new("RGB", (320, 200), tuple(random.randrange(150, 240) for _nth in range(3)))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 140, 320, 200), fill=tuple(random.randrange(60, 130) for _nth in range(3)))
    for _nth in range(6):
        left, top = random.randrange(0, 280), random.randrange(20, 150)
        colour = tuple(random.randrange(40, 220) for _channel in range(3))
        pen.rectangle((left, top, left + random.randrange(15, 60), top + random.randrange(15, 50)), fill=colour)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
