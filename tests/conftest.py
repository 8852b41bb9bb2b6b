"""What every test has: its category, no network, and the two ways to skip.

A test's category is its folder. Nothing may open a connection off this computer. A test that
needs a browser or another program calls `require`, which skips on a person's machine and fails
where WHOLESYSTEM_REQUIRE_ALL=1 (CI), so that nothing is skipped there unseen. A test against
the reference data that lies beside some checkouts takes `shared_data`, and skips without it.
"""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
CATEGORIES = ("unit", "spec", "property", "verification", "integration", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        category = item.path.relative_to(ROOT / "tests").parts[0]
        if category not in CATEGORIES:
            raise pytest.UsageError(
                f"{item.path} is in none of the folders {', '.join(CATEGORIES)} of tests. Move it."
            )
        item.add_marker(category)


def _is_on_this_computer(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse any connection or name look-up off this computer."""

    def guarded(method: Callable[..., Any]) -> Callable[..., Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_on_this_computer(address):
                raise AssertionError(f"A connection to {address!r} was tried. Open none.")
            return method(self, address)

        return connect

    look_up = socket.getaddrinfo

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host is not None and not _is_on_this_computer((host,)):
            raise AssertionError(f"The address of {host!r} was looked up. Open no connection.")
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture(scope="session")
def require() -> Callable[[object, str], None]:
    """`require(condition, reason)`: skip, or with WHOLESYSTEM_REQUIRE_ALL=1 fail, if not met."""

    def check(condition: object, reason: str) -> None:
        if condition:
            return
        if os.environ.get("WHOLESYSTEM_REQUIRE_ALL") == "1":
            pytest.fail(f"WHOLESYSTEM_REQUIRE_ALL=1 and {reason}")
        pytest.skip(reason)

    return check


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of reference data beside the checkout; its tests skip where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference data (../shared) is not beside this checkout")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, require: Callable[[object, str], None]
) -> Iterator[str]:
    """Setting of the workspace's database, one after the other: blank for SQLite."""
    from tests.helpers.postgres import find_programs, running

    if request.param == "sqlite":
        yield ""
        return
    programs = find_programs()
    require(programs, "PostgreSQL is not installed (apt-get install postgresql)")
    assert programs is not None
    with running(programs) as address:
        yield address
