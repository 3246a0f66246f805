"""Three hundred hostile files: refused, or made harmless; never a fault, no leak of memory, nothing active."""

import re
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.uploads import FileRefused, checked
from tests.doors.posting import held
from tests.uploads.zoo import CANARY, Beast, zoo

FAMILIES = (
    "markup",
    "program",
    "picture with more",
    "pixels",
    "damaged",
    "active paper",
    "sick paper",
    "bomb",
    "active letter",
    "author",
    "recording",
    "name",
)
ACTIVE = re.compile(
    rb"/JavaScript|/JS\b|/OpenAction|/AA\b|/Launch|/EmbeddedFile|/RichMedia|/XFA|/AcroForm|/Annots|/URI|<script|<\?php",
    re.IGNORECASE,
)


def harmless(beast: Beast, content: bytes, kind: str) -> None:
    """What was kept holds nothing that runs, and nothing that tells who sent it."""
    if kind == ".docx" or kind == ".xlsx":
        with zipfile.ZipFile(BytesIO(content)) as packed:
            for part in packed.namelist():
                assert re.match(r"(\[Content_Types\]|_rels|docProps|word|xl|customXml)", part), part
                assert ".." not in part and "\\" not in part, part
                inside = packed.read(part)
                assert CANARY not in inside, part
                assert b"<script" not in inside.lower(), part
        return
    assert CANARY not in content, beast
    if kind != ".mp3":
        assert not ACTIVE.search(content), beast
    if kind in (".jpg", ".png", ".webp"):
        with Image.open(BytesIO(content)) as picture:
            assert not picture.getexif() and max(picture.size) <= 3200
            assert getattr(picture, "n_frames", 1) == 1


@pytest.mark.parametrize("family", FAMILIES)
def test_every_beast_of_a_family_is_refused_or_made_harmless(family: str) -> None:
    beasts = [beast for beast in zoo() if beast.family == family]
    assert beasts
    before = 0
    for number, beast in enumerate(beasts):
        refused = ""
        try:
            kept = checked(SimpleUploadedFile(beast.name, beast.content))
        except FileRefused as refusal:
            refused = str(refusal.sentence)
            assert beast.is_refused is not False, f"{beast.family} {beast.name}: {refused}"
        else:
            assert not beast.is_refused, f"{beast.family} {beast.name} was taken"
            content = b"".join(kept.upload.chunks())
            assert kept.name.endswith(kept.kind.extension)
            harmless(beast, content, kept.kind.extension)
        if number == 2:
            before = held()
    growth = held() - before
    assert growth <= max(0.05 * before, 8 * 1024**2), f"{growth} bytes more after {len(beasts)} files"


def test_there_are_three_hundred_of_them() -> None:
    beasts = list(zoo())
    assert {beast.family for beast in beasts} == set(FAMILIES)
    assert len(beasts) >= 300
