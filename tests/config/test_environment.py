"""The environment is read strictly: a wrong value stops the start with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as env

ROOT = Path(__file__).resolve().parents[2]


def test_a_missing_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH", raising=False)
    with pytest.raises(ImproperlyConfigured, match="NO_SUCH"):
        env.text("NO_SUCH")
    assert env.text("NO_SUCH", "x") == "x"


@pytest.mark.parametrize(("value", "read"), [("1", True), ("true", True), ("0", False), ("off", False), ("", False)])
def test_flags(monkeypatch: pytest.MonkeyPatch, value: str, read: bool) -> None:
    monkeypatch.setenv("A_FLAG", value)
    assert env.flag("A_FLAG") is read


@pytest.mark.parametrize("value", ["maybe", "2", "đúng"])
def test_an_odd_flag_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("A_FLAG", value)
    with pytest.raises(ImproperlyConfigured, match="A_FLAG"):
        env.flag("A_FLAG")


def test_an_odd_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_NUMBER", "ten")
    with pytest.raises(ImproperlyConfigured, match="A_NUMBER"):
        env.number("A_NUMBER", 1)


@pytest.mark.parametrize(("value", "fits"), [("1", True), ("20", True), ("0", False), ("21", False), ("-2", False)])
def test_a_number_beyond_its_range_is_refused(monkeypatch: pytest.MonkeyPatch, value: str, fits: bool) -> None:
    monkeypatch.setenv("A_NUMBER", value)
    if fits:
        assert env.number("A_NUMBER", 2, range(1, 21)) == int(value)
        return
    with pytest.raises(ImproperlyConfigured, match="A_NUMBER must lie between 1 and 20"):
        env.number("A_NUMBER", 2, range(1, 21))


@pytest.mark.parametrize("url", ["sqlite:///db", "mysql://x/y", "postgres"])
def test_only_postgresql_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database()


def test_an_odd_mail_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "pigeon://roof")
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        env.email()


@pytest.mark.parametrize(
    "url", ["pop3://a:mat-khau@x", "imaps://x/INBOX", "imaps://", "maildir://x", "maildir:///", "imaps://a:mat-khau@[x"]
)
def test_an_odd_mailbox_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MAILBOX_URL", url)
    with pytest.raises(ImproperlyConfigured, match="MAILBOX_URL") as refusal:
        env.mailbox("MAILBOX_URL")
    assert "mat-khau" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["", "imaps://a:b@mail.example.vn/INBOX", "imap://a:b@127.0.0.1:1143/", "maildir:///thu"]
)
def test_a_mailbox_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MAILBOX_URL", url)
    assert env.mailbox("MAILBOX_URL") == url


def test_the_start_stops_with_one_line_and_no_traceback() -> None:
    surroundings = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


KEY = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="


def test_sealing_keys_are_read_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEYS", f"2027:{KEY.replace('M', '_')}, 2026:{KEY}")
    assert list(env.keys("SOME_KEYS")) == ["2027", "2026"]
    assert env.keys("SOME_KEYS")["2026"] == b"0" * 32


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("", "not set"),
        (KEY, "write id:key"),
        (f"Năm:{KEY}", "write id:key"),
        (f"a:{KEY},", "key 2"),
        (f"a:{KEY},a:{KEY}", "twice"),
        ("a:c2hvcnQ=", "32 random bytes"),
        ("a:not base64!", "32 random bytes"),
    ],
)
def test_odd_sealing_keys_are_refused_without_showing_one(
    monkeypatch: pytest.MonkeyPatch, value: str, fault: str
) -> None:
    monkeypatch.setenv("SOME_KEYS", value)
    with pytest.raises(ImproperlyConfigured, match=fault) as refusal:
        env.keys("SOME_KEYS")
    assert "SOME_KEYS" in str(refusal.value)
    assert not any(part in str(refusal.value) for part in (KEY[:20], "c2hvcnQ", "base64!"))


SIGNING = "whsec_" + "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"


@pytest.mark.parametrize(
    "url",
    [
        "gateway.example.invalid", "ftp://gateway.example.invalid/", "https://", "https://user@host/", "https://u:p@host/",
        "https://host:port/", "https://host/#x", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_odd_gateway_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("A_GATEWAY_URL", url)
    monkeypatch.setenv("A_GATEWAY_SECRET", SIGNING)
    with pytest.raises(ImproperlyConfigured, match="A_GATEWAY_URL"):
        env.gateway("A_GATEWAY")


@pytest.mark.parametrize("secret", ["", "c2VjcmV0", "whsec_c2VjcmV0", "whsec_!", f"{SIGNING},", SIGNING[6:]])
def test_a_gateway_without_a_good_secret_is_refused(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("A_GATEWAY_URL", "https://gateway.example.invalid/send")
    monkeypatch.setenv("A_GATEWAY_SECRET", secret)
    with pytest.raises(ImproperlyConfigured, match="A_GATEWAY_SECRET") as refused:
        env.gateway("A_GATEWAY")
    assert not secret or secret.removeprefix("whsec_") not in str(refused.value)


def test_a_gateway_with_two_secrets_and_none_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.gateway("A_GATEWAY") is None
    monkeypatch.setenv("A_GATEWAY_URL", "https://gateway.example.invalid/send")
    monkeypatch.setenv("A_GATEWAY_SECRET", f"{SIGNING}, {SIGNING}")
    found = env.gateway("A_GATEWAY")
    assert found == {"url": "https://gateway.example.invalid/send", "secrets": [b"secret" * 4] * 2}
