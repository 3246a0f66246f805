"""Seal the reporters that are there. The format is written out here once more, as it is today (version 1), because a
migration must mean the same when the code beside it has gone on. A kill in the middle undoes the whole step."""

import json
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import migrations

BATCH = 500
FIELDS = ("name", "phone", "email", "address")


def seal(apps, schema_editor):
    Reporter = apps.get_model("feedback", "Reporter")
    key_id, key = next(iter(settings.FIELD_KEYS.items()))
    header = bytes([1, len(key_id)]) + key_id.encode()
    cipher = AESGCM(key)
    while batch := list(Reporter.objects.filter(key_id="").order_by("pk")[:BATCH]):
        for reporter in batch:
            document = {name: getattr(reporter, name) for name in FIELDS if getattr(reporter, name)}
            plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
            plain += b" " * (-len(plain) % 64)
            place = json.dumps(["feedback_reporter", "sealed", str(reporter.submission_id)]).encode()
            nonce = secrets.token_bytes(12)
            reporter.sealed = header + nonce + cipher.encrypt(nonce, plain, header + place)
            reporter.key_id = key_id
        Reporter.objects.bulk_update(batch, ["sealed", "key_id"])


def refuse(apps, schema_editor):
    """Nothing turns sealed identities into plain ones again."""
    if apps.get_model("feedback", "Reporter").objects.exists():
        raise RuntimeError("Reporters are sealed and stay so: this step is not undone while there are any.")


class Migration(migrations.Migration):
    dependencies = [("feedback", "0004_room_for_sealed_reporters")]

    operations = [migrations.RunPython(seal, refuse)]
