"""What `run` decides before it starts anything."""

import socket

import pytest

from config.dev import cli, preparation, runner, services, state, terminal
from config.dev.terminal import Problem


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_wanted_port_that_is_taken_is_a_clear_problem(taken):
    with pytest.raises(Problem, match=f"Port {taken} cannot be used"):
        runner.listen(taken)


def test_an_impossible_port_is_a_clear_problem():
    with pytest.raises(Problem, match="Port 70000 cannot be used"):
        runner.listen(70000)


def test_without_a_wish_the_next_free_port_is_taken(taken, monkeypatch, capsys):
    monkeypatch.setattr(runner, "FIRST_PORT", taken)
    monkeypatch.setattr(runner, "LAST_PORT", taken + 20)
    with runner.listen(None) as listener:
        port = listener.getsockname()[1]
    assert taken < port <= taken + 20
    assert capsys.readouterr().out == f"Port {taken} is taken; using {port}.\n"


def test_the_fingerprint_follows_content_and_name():
    sources = preparation.sources_of_the_database()
    assert sources
    whole = preparation.fingerprint(sources, "packages")
    assert whole == preparation.fingerprint(reversed(sources), "packages")
    assert whole != preparation.fingerprint(sources[1:], "packages")
    assert whole != preparation.fingerprint(sources, "other packages")


def test_what_was_collected_is_no_source_of_static_files(monkeypatch, tmp_path):
    for folder in ("static", "console/static", ".run/static"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.css").write_text("a {}")
    monkeypatch.setattr(state, "ROOT", tmp_path)
    found = {path.relative_to(tmp_path).as_posix() for path in preparation.sources_of_static_files()}
    assert found == {"static/x.css", "console/static/x.css"}


def test_migrations_decide_the_fingerprint():
    assert state.ROOT / "accounts" / "migrations" / "__init__.py" in preparation.sources_of_the_database()


def test_migrations_of_another_checkout_are_noticed_but_not_those_of_packages():
    applied = ["accounts.0001_people_and_rights", "accounts.0010_nothing_is_emptied", "knox.0099_not_made_yet"]
    assert preparation.no_longer_here(applied) == ["accounts.0010_nothing_is_emptied"]


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("postgres (PostgreSQL) 18.6", "18.6"),
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18"),
        ("", "unknown"),
    ],
)
def test_the_version_is_read_from_the_servers_answer(answer, version):
    from config.dev.binaries import version_of

    assert version_of(answer) == version


def test_a_table_is_aligned_with_vietnamese_letters():
    rows = [["Vai trò", "Mật khẩu"], ["Tổ trưởng", "abc"]]  # the second word with combining tone marks
    lines = terminal.table(rows).splitlines()
    assert terminal.width(lines[0].split("Mật")[0]) == terminal.width(lines[1].split("abc")[0])


def test_the_end_of_a_log_is_short(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("".join(f"line {number}\n" for number in range(100_000)), encoding="utf-8")
    assert terminal.tail(log, 2) == "line 99998\nline 99999"
    assert "No such file" in terminal.tail(tmp_path / "none.log")


def test_every_verb_says_what_it_does():
    usage = cli.usage()
    for verb, (_arguments, run) in cli.VERBS.items():
        assert f"  {verb} " in usage
        assert run.__doc__


def test_an_unknown_verb_is_refused(capsys):
    assert cli.main(["rum"]) == 2
    assert "no verb 'rum'" in capsys.readouterr().out


def test_settings_for_tests_trade_durability_for_speed_and_the_others_do_not():
    assert services.NOT_DURABLE["fsync"] == "off"
    assert "fsync" not in {**services.DURABLE, **services.FOR_BENCH}
