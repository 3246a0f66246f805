#!/usr/bin/env python3
"""The development entrance: `python3 dev.py run` goes from a bare clone to a working system; see --help.

Only the standard library is used here, because this runs before anything is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - for whoever starts it with an older one
    sys.exit("dev.py needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info[:2]))

import importlib
import importlib.util
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "config" / "dev"


def main() -> int:
    """Load config/dev by its path: `config/__init__.py` needs Celery, which may not be installed yet."""
    spec = importlib.util.spec_from_file_location(
        "langnghe_dev", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    if spec is None or spec.loader is None:
        sys.exit("config/dev is missing.")
    package = importlib.util.module_from_spec(spec)
    sys.modules["langnghe_dev"] = package
    spec.loader.exec_module(package)
    return int(importlib.import_module("langnghe_dev.cli").main(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
