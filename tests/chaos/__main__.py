"""`python3 dev.py chaos [--intake] [--minutes N] [--seed S]`: servers of its own, then the run."""

import argparse
import os
import socket
import sys
import tempfile
from pathlib import Path

from config.dev import services, state
from config.dev.environment import django_environment
from config.dev.terminal import Problem, say


def main() -> int:
    """Exit code 1 when anything was missed, doubled or early."""
    parser = argparse.ArgumentParser(prog="dev.py chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="how long things are killed (10)")
    parser.add_argument("--seed", type=int, default=None, help="of what is killed when; default: another one each time")
    parser.add_argument("--calm", action="store_true", help="kill nothing: one worker, one beat, how late are steps?")
    parser.add_argument("--intake", action="store_true", help="kill web servers and the database while people send")
    parser.add_argument("--kills", type=int, default=0, help="with --intake: end after so many, or after the minutes")
    wanted = parser.parse_args()
    for name in ("DATABASE_URL", "REDIS_URL", "DATABASE_ROLE"):
        os.environ.pop(name, None)  # this run kills its servers: never those of somebody else
    place = state.place("chaos")
    lock = state.try_lock(state.RUN / "chaos.lock")
    if lock is None:
        raise Problem("A crash run is going on in this checkout already.")
    with (
        lock,
        tempfile.TemporaryDirectory(prefix="chaos") as folder,
        services.running(place, services.DURABLE) as found,
    ):
        os.environ.update(django_environment(found))
        os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR")
        os.environ["EMAIL_URL"] = f"filemail:///{folder}/mail"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        os.environ["MESSAGES_BEFORE_DIGEST"] = "1000000"  # each step's message is counted, none is folded into a digest
        os.environ["SMS_GATEWAY_URL"] = f"http://127.0.0.1:{port}/"
        os.environ["SMS_GATEWAY_SECRET"] = "whsec_" + "c2VjcmV0" * 4
        if wanted.intake:
            os.environ["MEDIA_ROOT"] = f"{folder}/media"
        import django

        django.setup()
        if wanted.intake:
            from tests.chaos.intake import IntakeRun

            limits = {"minutes": wanted.minutes, "kills": wanted.kills}
            return IntakeRun(place, Path(folder), seed=wanted.seed, **limits).go()
        from tests.chaos.run import Calm, Run

        kind = Calm if wanted.calm else Run
        return kind(place, Path(folder), minutes=wanted.minutes, seed=wanted.seed, gateway=port).go()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        say(str(problem))
        sys.exit(1)
