"""Commands started as a person starts them, to be stopped as a person stops them."""

import os
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
        start_new_session=True,
    )


def press_ctrl_c(process: subprocess.Popen[Any]) -> None:
    """Interrupt a command and all that it started, as a terminal does."""
    os.killpg(process.pid, signal.SIGINT)


def shell_code(process: subprocess.Popen[Any]) -> int:
    """Exit code that a shell would tell: 130 after Ctrl-C, however the process ended.

    Python started by ``-m`` ends itself by the signal if Ctrl-C came while text was run by
    `exec`, as when a dataclass is made, even where the interrupt was handled.
    """
    return 128 - process.returncode if process.returncode < 0 else int(process.returncode)
