"""Which addresses the service may call: public ones, in no disguise; how long it waits for one."""

from __future__ import annotations

import socket
import threading

import httpx
import pytest

from service import outbound_http
from service.outbound_http import Target, Unreachable, is_public

PUBLIC = ["8.8.8.8", "193.0.0.1", "192.0.1.1", "100.63.255.255", "100.128.0.1", "198.17.0.1", "198.20.0.1"]
PUBLIC += ["2606:4700::1111", "2001:4860:4860::8888", "240e::1", "::ffff:8.8.8.8"]
OTHERS = [
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.8.9.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.1",
    "192.0.0.1",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:7f00:1",
    "::ffff:0:8.8.8.8",
    "::ffff:192.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::a00:1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "3fff::1",
    "3ffe::1",
    "5f00::1",
    "fc00::1",
    "fd00::5",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "feff::1",
    "ff02::1",
    "4000::1",
    "2606:4700::5efe:10.0.0.1",
    "2606:4700::200:5efe:7f00:1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_called(address):
    assert is_public(address)


@pytest.mark.parametrize("address", OTHERS)
def test_no_other_address_may_be_called(address):
    assert not is_public(address)


def test_a_name_server_that_does_not_answer_is_left_at_the_deadline(monkeypatch):
    answer, late = threading.Event(), []

    def unanswered(*_, **__):
        answer.wait(20)
        late.extend(each for each in threading.enumerate() if each.name == "name-lookup")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(socket, "getaddrinfo", unanswered)
    monkeypatch.setattr(outbound_http, "DEADLINE", 0.05)
    with pytest.raises(Unreachable, match="name"):
        outbound_http.post(Target(httpx.URL("http://hooks.example.cn:9/"), intranet=True), b"{}", {})
    assert late == []
    answer.set()
    for thread in [each for each in threading.enumerate() if each.name == "name-lookup"]:
        thread.join(20)
    assert len(late) == 1  # its answer came when the request's loop was closed: it is dropped
