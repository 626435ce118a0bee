import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "framewise.example", "2001:db8::1"])
def test_tests_reach_no_other_machine(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with socket.socket(family) as sock, pytest.raises(RuntimeError, match=host):
        sock.connect((host, 80))


def test_tests_reach_this_machine():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()

        client.connect(server.getsockname())
