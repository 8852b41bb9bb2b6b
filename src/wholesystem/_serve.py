"""A folder of results, shown in a browser on this computer only."""

from __future__ import annotations

import errno
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from wholesystem.errors import UserError

__all__ = ["make_server"]

HOST = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Serves the folder's files to this computer's own browser, and lists no folder."""

    def send_head(self) -> Any:
        # A page of the web whose name was pointed at 127.0.0.1 would be let in by the browser;
        # its requests still carry that page's own name.
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        if name not in (HOST, "localhost"):
            self.send_error(HTTPStatus.FORBIDDEN, "Open the address that the command printed")
            return None
        return super().send_head()

    def list_directory(self, path: Any) -> None:
        self.send_error(HTTPStatus.NOT_FOUND, "No such page")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Print nothing: a line a request says nothing to the person."""


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """Server of a folder on 127.0.0.1, ready to run.

    Parameters
    ----------
    folder : Path
        Holds an ``index.html``.
    port : int
        From 0 to 65535; 0 takes any free one.

    Returns
    -------
    ThreadingHTTPServer
        Not yet serving; its ``server_port`` tells the port.

    Raises
    ------
    UserError
        If the folder holds no ``index.html``, or the port cannot be had.
    """
    if not (folder / "index.html").is_file():
        raise UserError(
            f"{folder} holds no index.html. A folder to show must hold a page."
            f" Make the demo's page with: wholesystem demo --out {folder}"
        )
    try:
        return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=str(folder)))
    except OSError as fault:
        if fault.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise UserError(
            f"Port {port} is in use by another program, or not yours to use. A port serves one"
            f" program. Choose another: wholesystem show {folder} --port 8080"
        ) from None
