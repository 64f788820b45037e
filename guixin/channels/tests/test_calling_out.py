"""The one HTTP client cannot be talked into calling our own network (S7)."""

import socket

import pytest

from guixin.channels import http

INSIDE = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://0.0.0.0/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/",
    "http://100.64.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://192.0.2.1/", "http://[::1]/",
    "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:10.0.0.1]/", "http://[fe80::1]/",
    "http://[fc00::1]/", "http://[ff02::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    "http://localhost/",
]  # fmt: skip
MALFORMED = [
    "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "http://", "//example.com", "example.com",
    "http://user@example.com/", "http://user:pass@example.com/", "http://example.com:22/", "http://example.com:6379/",
    "http://example.com:99999/", "http://exa mple.com/", "http://example.com\\@127.0.0.1/", "http://ex\u0430mple.com/",
    "http://example.com/\r\nx: y",
]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_is_allowed(monkeypatch):
    monkeypatch.delenv("GUIXIN_WEBHOOK_ALLOW", raising=False)


class TestAnAddress:
    @pytest.mark.parametrize("url", INSIDE)
    def test_inside_a_network_is_refused(self, url):
        with pytest.raises(http.Forbidden):
            http.check_address(url)
        with pytest.raises(http.Forbidden):
            http.post(url, b"", {})

    @pytest.mark.parametrize("url", MALFORMED)
    def test_that_is_none_is_refused(self, url):
        with pytest.raises(http.Forbidden):
            http.check_address(url)

    def test_one_private_among_public_ones_forbids_the_name(self, monkeypatch):
        answers = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *about, **more: answers)
        with pytest.raises(http.Forbidden):
            http.check_address("https://two-faced.example/")

    def test_is_resolved_once_so_a_name_that_changes_its_mind_gains_nothing(self, monkeypatch):
        """First a public address, then the loopback: the connection goes to the first or nowhere."""
        asked, connected = [], []

        def answer(host, *about, **more):
            asked.append(host)
            return [(2, 1, 6, "", ("93.184.216.34" if len(asked) == 1 else "127.0.0.1", 443))]

        def connect(self, host, port, *about, **more):
            connected.append(host)
            raise OSError("no network here")

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        monkeypatch.setattr(http.httpcore.SyncBackend, "connect_tcp", connect)
        with pytest.raises(http.Unreachable):
            http.post("https://rebinding.example/", b"", {})
        assert asked == ["rebinding.example"]
        assert connected == ["93.184.216.34"]

    def test_may_be_allowed_by_network_or_name(self, monkeypatch):
        monkeypatch.setenv("GUIXIN_WEBHOOK_ALLOW", "erp.example.internal, 10.1.0.0/16")
        http.check_address("http://10.1.2.3/hook")
        with pytest.raises(http.Forbidden):
            http.check_address("http://10.2.2.3/hook")
