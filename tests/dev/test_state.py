"""Where development keeps its state: found again, never shared by two checkouts, never in somebody else's hands."""

import os
from pathlib import Path

import pytest

from config.dev import state
from config.dev.terminal import Problem


def test_an_ordinary_account_keeps_data_in_the_checkout():
    assert state.state_home(Path("/home/an/lang-nghe"), is_root=False) == Path("/home/an/lang-nghe/.run")


def test_root_keeps_data_outside_a_checkout_that_may_be_private():
    home = state.state_home(Path("/root/lang-nghe"), is_root=True)
    assert home.name == state.short_hash(Path("/root/lang-nghe"))
    assert not home.is_relative_to("/root")


def test_two_checkouts_have_two_homes():
    assert state.state_home(Path("/srv/a"), is_root=True) != state.state_home(Path("/srv/b"), is_root=True)


def test_sockets_stay_with_the_data_when_the_path_allows_it():
    home = Path("/home/an/lang-nghe/.run")
    assert state.socket_home(home.parent, home, uid=1000) == home


@pytest.mark.parametrize("root", ["/home/an/" + "x" * 80, "/home/an/lắng nghe", "/home/an/lang nghe"])
def test_sockets_move_to_a_short_plain_path_otherwise(root):
    sockets = state.socket_home(Path(root), Path(root) / ".run", uid=1000)
    assert sockets.name == f"langnghe-1000-{state.short_hash(Path(root))}"
    assert " " not in str(sockets)


def test_a_private_directory_is_for_its_owner_only(tmp_path):
    made = state.make_private(tmp_path / "data", None)
    assert made.stat().st_mode & 0o777 == 0o700


def test_a_directory_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="belongs to somebody else"):
        state.make_private(tmp_path / "data", None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_a_directory_of_another_account_is_refused(tmp_path):
    (tmp_path / "data").mkdir()
    os.chown(tmp_path / "data", 12345, 12345)
    with pytest.raises(Problem, match="belongs to somebody else"):
        state.make_private(tmp_path / "data", None)


def test_a_lock_is_held_once(tmp_path):
    first = state.try_lock(tmp_path / "lock")
    assert first is not None
    assert state.try_lock(tmp_path / "lock") is None
    first.close()
    assert state.try_lock(tmp_path / "lock") is not None


def test_state_of_vanished_checkouts_is_recognised(tmp_path):
    for name, checkout in (("gone", tmp_path / "nowhere"), ("here", tmp_path)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "checkout").write_text(str(checkout), encoding="utf-8")
    assert state.forgotten_homes(tmp_path) == [tmp_path / "gone"]
