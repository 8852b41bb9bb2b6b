"""The server of the workspace, which runs on every system."""

from __future__ import annotations

import errno
from typing import Any

from django.conf import settings
from waitress import create_server

from wholesystem.errors import UserError
from wholesystem.web.wsgi import application

__all__ = ["make_server"]

THREADS = 8
FORWARDED = {"x-forwarded-for", "x-forwarded-proto"}


def make_server(host: str, port: int) -> Any:
    """Server of the workspace, ready to run.

    Parameters
    ----------
    host : str
        Address to listen on.
    port : int
        From 0 to 65535; 0 takes any free one.

    Returns
    -------
    waitress server
        Its ``run()`` serves until `KeyboardInterrupt`; ``effective_port`` tells the port.

    Raises
    ------
    UserError
        If the address or port cannot be had.
    """
    proxy: dict[str, Any] = {"clear_untrusted_proxy_headers": True}
    if settings.PROXY:
        proxy |= {"trusted_proxy": settings.PROXY, "trusted_proxy_headers": FORWARDED}
    try:
        return create_server(
            application,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            # Above our own limit, so that somewhat too large a file gets a page that says so.
            max_request_body_size=2 * settings.LARGEST_REQUEST_BYTES,
            **proxy,
        )
    except OSError as fault:
        if fault.errno in (errno.EADDRINUSE, errno.EACCES):
            raise UserError(
                f"Port {port} is in use by another program, or not yours to use. A port serves"
                " one program. Choose another: wholesystem serve --port 8080"
            ) from None
        if fault.errno == errno.EADDRNOTAVAIL:
            raise UserError(_no_address(host)) from None
        raise
    except ValueError:  # what waitress raises for a name that it cannot look up
        raise UserError(_no_address(host)) from None


def _no_address(host: str) -> str:
    return (
        f"{host} is no address of this computer. A server listens on one of its own. Leave --host"
        " out for 127.0.0.1."
    )
