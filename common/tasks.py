"""The quarantine of files is emptied once the scanner answers."""

from celery import shared_task
from django.core.files.storage import default_storage

from common.uploads.scanning import Verdict, scan
from common.uploads.storage import Quarantine

AT_A_TIME = 200


@shared_task
def check_held_files() -> None:
    """Ask the scanner about the files that came while it did not answer; the first one it is silent on ends the round.
    A second run finds nothing left to do. Without a scanner in the settings any more, what waits is released."""
    storage = default_storage
    if not isinstance(storage, Quarantine):
        return
    for count, name in enumerate(storage.held()):
        if count == AT_A_TIME:
            return
        try:
            with storage.open_held(name) as content:
                verdict = scan(content)
        except FileNotFoundError:  # its form was never finished
            verdict = Verdict.FINE
        if verdict is Verdict.SILENT:
            return
        if verdict is Verdict.INFECTED:
            storage.block(name)
        elif verdict is Verdict.FINE:
            storage.release(name)
