#!/usr/bin/env python
"""Django's command line for this project. `python3 dev.py manage …` runs it with the services started."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"langnghe.E000: {fault}")


if __name__ == "__main__":
    main()
