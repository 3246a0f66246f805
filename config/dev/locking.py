"""`dev.py lock`: pin what pyproject.toml asks for, with hashes and without any address."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from . import install
from .state import ROOT
from .terminal import Problem, say

UV_VERSION = "0.13.9"
GROUPS = ("embedded", "test", "browser", "lint")
COMMAND = "python dev.py lock"  # what the header says, instead of a command line with an index's address


def lock(arguments: Sequence[str]) -> int:
    """Pin pyproject.toml's packages anew (uv: --upgrade)."""
    program = install.uv()
    if program is None:
        raise Problem("Locking needs uv, and it could not be fetched.")
    outputs = {
        "run.txt": (["pyproject.toml"], None),
        "dev.txt": (["pyproject.toml", *(part for name in GROUPS for part in ("--group", name))], None),
        "uv.txt": (["-"], f"uv=={UV_VERSION}\n"),
    }
    for name, (source, text) in outputs.items():
        path = ROOT / "requirements" / name
        unfinished = path.with_suffix(".new")
        if path.exists():
            shutil.copy(path, unfinished)  # what is pinned already stays, unless --upgrade says otherwise
        command: list[str | Path] = [program, "pip", "compile", *source, "--output-file", unfinished, "--quiet"]
        command += ["--generate-hashes", "--universal", "--python-version", "3.11", "--no-annotate"]
        done = subprocess.run(
            [*command, "--custom-compile-command", COMMAND, *arguments],
            cwd=ROOT,
            env=install.uv_environment(),
            input=text or "",
            text=True,
            stdout=subprocess.DEVNULL,
        )
        if done.returncode:
            unfinished.unlink(missing_ok=True)
            raise Problem(f"uv could not resolve {name}; its reason is above.")
        unfinished.replace(path)
        say(f"requirements/{name}")
    return 0
