"""Commands started as a person starts them, to be stopped as a person stops them."""

import signal
import subprocess
from collections.abc import Sequence
from typing import Any


def _hear_ctrl_c() -> None:
    # A shell in the background lets its commands ignore Ctrl-C, and they hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start(command: Sequence[str]) -> subprocess.Popen[Any]:
    """Start a command that hears Ctrl-C, with its output kept."""
    return subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=_hear_ctrl_c,
    )
