"""Installs what the lock file pins, by hash, into `.venv/`. Quick when nothing changed: one file is compared.

uv does it in two seconds and is fetched with pip, pinned by hash as well; pip alone does it in twenty.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

from .state import ROOT, RUN, make_run, wait_lock
from .terminal import Problem, say

VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
LOCK = ROOT / "requirements" / "dev.txt"
UV_LOCK = ROOT / "requirements" / "uv.txt"
KEY_FILE = VENV / ".lock-hash"
PYTHON = VENV / "bin" / "python"


def key(lock: bytes, interpreter: str) -> str:
    """Changes when the pinned packages or the interpreter do."""
    return hashlib.sha256(lock + b"\0" + interpreter.encode()).hexdigest()


def this_interpreter() -> str:
    """What packages depend on: implementation, version, processor."""
    return f"{sys.implementation.cache_tag} {platform.system()} {platform.machine()}"


def site_packages() -> Path:
    """Where the packages are."""
    folders = sorted((VENV / "lib").glob("python3*/site-packages"))
    if not folders:
        raise Problem(f"{VENV} holds no packages; remove it and try again.")
    return folders[-1]


def ensure() -> None:
    """Make `.venv/` match the lock file."""
    wanted = key(LOCK.read_bytes(), this_interpreter())
    if is_installed(wanted):
        return
    make_run()
    with wait_lock(RUN / "install.lock"):
        if is_installed(wanted):
            return
        began = time.monotonic()
        say("Installing the packages of requirements/dev.txt …")
        make_venv()
        if not (installed_by_uv() or installed_by_pip()):
            raise Problem("The packages could not be installed; the reason is above.")
        KEY_FILE.write_text(wanted, encoding="utf-8")
        say(f"Installed in {time.monotonic() - began:.1f} s.")


def is_installed(wanted: str) -> bool:
    """Whether the last finished installation was this one, here, and its interpreter still exists."""
    return KEY_FILE.is_file() and KEY_FILE.read_text(encoding="utf-8") == wanted and PYTHON.exists() and is_here()


def is_here() -> bool:
    """Whether `.venv/` was made at this place: in a copied checkout its programs would start the other one's."""
    activate = VENV / "bin" / "activate"
    return activate.is_file() and str(VENV.resolve()) in activate.read_text(encoding="utf-8", errors="replace")


def make_venv() -> None:
    """A virtual environment without pip: that needs no ensurepip, which Debian packs apart."""
    KEY_FILE.unlink(missing_ok=True)
    library = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    if PYTHON.exists() and library.is_dir() and is_here():
        return
    venv.EnvBuilder(with_pip=False, symlinks=True, clear=VENV.exists()).create(VENV)


def run(command: list[str | Path], environment: dict[str, str], *, quiet: bool = False) -> bool:
    """Run one installer; on failure show what it said unless another way follows."""
    try:
        done = subprocess.run(
            command, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
    except OSError as error:
        say(f"{command[0]}: {error.strerror}")
        return False
    if done.returncode and not quiet:
        say((done.stdout[-2000:] + done.stderr[-4000:]).strip())
    return done.returncode == 0


def pip_environment() -> dict[str, str]:
    """pip without questions, advice and newer-version notices."""
    return {
        **os.environ,
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }


def has_pip() -> bool:
    """Whether this interpreter brings pip."""
    return run([sys.executable, "-m", "pip", "--version"], pip_environment(), quiet=True)


def uv() -> Path | None:
    """The uv to use: the machine's, else one of our own, fetched once."""
    own = TOOLS / "bin" / "uv"
    found = shutil.which("uv")
    if found and run([found, "--version"], dict(os.environ), quiet=True):
        return Path(found)
    if own.is_file() or not has_pip():
        return own if own.is_file() else None
    fetch: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
    ]
    fetched = run([*fetch, "--target", TOOLS, "--upgrade", "-r", UV_LOCK], pip_environment())
    return own if fetched and own.is_file() else None


def uv_environment() -> dict[str, str]:
    """uv as a good guest: system certificates, no downloaded Python, pip's index if only pip knows it."""
    environment = {
        **os.environ,
        "UV_SYSTEM_CERTS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
    }
    home = Path(os.environ.get("HOME") or "/nonexistent")
    if "UV_CACHE_DIR" not in environment and not os.access(home, os.W_OK):
        environment["UV_CACHE_DIR"] = str(TOOLS / "cache")
    if "UV_DEFAULT_INDEX" not in environment and has_pip():
        asked = subprocess.run(
            [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
            env=pip_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        index = os.environ.get("PIP_INDEX_URL") or asked.stdout.strip()
        if index:
            environment["UV_DEFAULT_INDEX"] = index
    return environment


def installed_by_uv() -> bool:
    """The quick way."""
    program = uv()
    if program is None:
        return False
    options: list[str | Path] = ["--quiet", "--require-hashes", "--python", PYTHON]
    return run([program, "pip", "sync", *options, LOCK], uv_environment())


def installed_by_pip() -> bool:
    """The slow way, which needs nothing but pip."""
    if not has_pip():
        raise Problem("Neither uv nor pip is here. Install one of them (Debian: apt-get install python3-pip).")
    say("uv did not manage; trying pip, which takes longer …")
    options: list[str | Path] = ["--quiet", "--require-hashes", "--no-deps", "--no-compile", "-r", LOCK]
    return run([sys.executable, "-m", "pip", "--python", PYTHON, "install", *options], pip_environment())
