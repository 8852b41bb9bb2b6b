"""No test, and so nothing of the package that a test runs, opens a connection off the computer."""

import ast
import socket

import pytest

from tests.unit.test_architecture import imported, module_of, modules

# Modules of the standard library and of ours that open connections.
OPENERS = {"ftplib", "http.client", "httpx", "requests", "smtplib", "socket", "urllib.request"}


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("example.org", 80)])
def test_a_connection_off_the_computer_is_refused(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one:
        with pytest.raises(AssertionError, match="Open none"):
            one.connect(address)
        with pytest.raises(AssertionError, match="Open none"):
            one.connect_ex(address)


def test_a_look_up_of_a_name_is_refused() -> None:
    with pytest.raises(AssertionError, match="looked up"):
        socket.create_connection(("example.org", 80))


def test_a_connection_within_the_computer_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=5) as one:
            peer, _ = server.accept()
            with peer:
                one.sendall(b"here")
                assert peer.recv(4) == b"here"


def test_no_module_of_the_package_imports_what_opens_connections() -> None:
    faults = [
        f"{module_of(path)}: {name}"
        for path in modules()
        for name in imported(
            ast.parse(path.read_text("utf-8")), module_of(path), path.name == "__init__.py"
        )
        if name in OPENERS
    ]

    assert faults == []
