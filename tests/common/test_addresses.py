"""Where a request comes from: what our own proxies wrote counts, whatever a caller writes before it does not."""

import pytest
from django.test import RequestFactory, override_settings

from accounts.signin.throttling import of_address
from common.addresses import client_address
from common.public.throttle import PublicThrottle

CALLER, PROXY, FORGED = "203.0.113.9", "10.0.0.1", "198.51.100.7"


def asked(forwarded: str | None, connection: str = PROXY):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=connection, **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, PROXY),
        (0, FORGED, PROXY),
        (0, "", PROXY),
        (1, None, ""),
        (1, "", ""),
        (1, "  ", ""),
        (1, CALLER, CALLER),
        (1, f"  {CALLER} ", CALLER),
        (1, f"{FORGED}, {CALLER}", CALLER),
        (1, ", ".join([FORGED] * 500 + [CALLER]), CALLER),
        (2, f"{FORGED}, {CALLER}, 10.0.0.2", CALLER),
        (2, CALLER, PROXY),  # came past the outer proxy: the connection counts
        (3, f"{FORGED},,", FORGED),
        (1, "unknown", ""),
        (1, "' OR 1=1 --", ""),
        (1, f"{FORGED}, _hidden", ""),
        (1, "203.0.113.9\x00", ""),
        (1, "203.0.113.999", ""),
        (1, "0203.0.113.9", ""),
        (1, f"{CALLER}:4711", CALLER),
        (1, f"{CALLER}:", CALLER),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (1, "2001:db8:1:2::9", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2::9]:443", "2001:db8:1:2::"),
        (1, "[2001:db8:1:2::9]", "2001:db8:1:2::"),
        (1, "2001:DB8:1:2::9", "2001:db8:1:2::"),
        (1, "fe80::1%eth0", "fe80::"),
        (1, f"::ffff:{CALLER}", CALLER),
        (1, f"[::ffff:{CALLER}]:443", CALLER),
        (1, "2001:db8:::9", ""),
        (1, "[", ""),
        (1, ":", ""),
    ],
)
def test_the_callers_address(proxies: int, forwarded: str | None, address: str) -> None:
    connection = "" if address == "" else PROXY
    with override_settings(NUM_PROXIES=proxies):
        assert client_address(asked(forwarded, connection)) == address


@pytest.mark.parametrize("connection", ["", "garbage", "unix:"])
def test_a_connection_without_an_address_is_nobodys(connection: str) -> None:
    with override_settings(NUM_PROXIES=0):
        assert client_address(asked(FORGED, connection)) == ""


@pytest.mark.parametrize("forged", ["", "198.51.100.7, ", "1.1.1.1, 2.2.2.2, ", "garbage, ", ", , "])
def test_every_counter_counts_the_same_caller(forged: str) -> None:
    """The public pages and the sign-in: one way to know an address, so one way to be wrong about it."""
    with override_settings(NUM_PROXIES=1):
        honest, forging = asked(CALLER), asked(forged + CALLER)
        for counted in (of_address, lambda request: PublicThrottle("send").get_cache_key(request, None)):
            assert counted(forging) == counted(honest)
            assert counted(asked("192.0.2.77")) != counted(honest)
