import pytest
from django.test import RequestFactory

from accounts.networks import network_of


def network(address, forwarded=None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return network_of(RequestFactory().post("/", REMOTE_ADDR=address, headers=headers))


class TestNetworkOf:
    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.8", "192.0.2.8"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("::1", "::/64"),
        ],
    )
    def test_is_the_whole_address_or_the_64_bits_that_a_subscriber_does_not_choose(self, address, expected):
        assert network(address) == expected

    @pytest.mark.parametrize(
        "address", ["", "unix:", "192.0.2", "192.0.2.7:8000", "192.0.2.256", "x" * 9999, "\0", "é"]
    )
    def test_is_one_for_all_that_cannot_be_read(self, address):
        assert network(address) == "unknown"

    def test_does_not_believe_a_header_when_there_is_no_proxy(self):
        assert network("192.0.2.7", "198.51.100.1") == "192.0.2.7"


class TestBehindAProxy:
    @pytest.fixture(autouse=True)
    def _proxy(self, settings):
        settings.TRUSTED_PROXY_COUNT = 1

    @pytest.mark.parametrize(
        "forwarded",
        [
            "192.0.2.7",
            "198.51.100.1, 192.0.2.7",
            "198.51.100.1,192.0.2.7",
            "127.0.0.1, nonsense,, 192.0.2.7 ",
        ],
    )
    def test_is_what_the_proxy_saw_whatever_the_client_wrote_before_it(self, forwarded):
        assert network("10.0.0.1", forwarded) == "192.0.2.7"

    def test_is_the_64_of_what_the_proxy_saw(self):
        assert network("10.0.0.1", "2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"

    @pytest.mark.parametrize("forwarded", [None, "", "192.0.2.7,", "unknown", "192.0.2.7, _hidden"])
    def test_is_one_for_all_when_the_proxy_does_not_say(self, forwarded):
        assert network("10.0.0.1", forwarded) == "unknown"

    def test_counts_from_the_end_when_there_are_several(self, settings):
        settings.TRUSTED_PROXY_COUNT = 2
        assert network("10.0.0.1", "198.51.100.1, 192.0.2.7, 10.0.0.2") == "192.0.2.7"
        assert network("10.0.0.1", "192.0.2.7") == "unknown"
