"""A PostgreSQL of the test run's own, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# postgres refuses to run as root.
UNPRIVILEGED = ("postgres", "nobody")


def find_programs() -> Path | None:
    """Folder with ``initdb`` and ``pg_ctl``; None where there is none."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    # Debian keeps them off the path; the newest version first.
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(
        (one for one in folders if (one / "initdb").exists() and (one / "pg_ctl").exists()), None
    )


def _as_whom() -> pwd.struct_passwd | None:
    """The user to run as, where we are root."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _run(command: list[str], user: pwd.struct_passwd | None) -> None:
    as_user = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid}
    done = subprocess.run(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        text=True,
        check=False,
        **as_user,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr}")


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """Run it within the block; gives the address of an empty database, for our setting."""
    user = _as_whom()
    # A socket's path has at most 107 characters, which pytest's own folders may pass.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as folder:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data, log = f"{folder}/data", f"{folder}/log"
        _run(
            [str(programs / "initdb"), "-D", data, "-U", "ours", "-A", "trust", "-E", "UTF8"]
            + ["--locale=C", "--no-sync"],
            user,
        )
        # No port on the network: the socket alone. Nothing is kept, so nothing need be synced.
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = [str(programs / "pg_ctl"), "-D", data, "-w", "-t", "60", "-l", log]
        _run([*control, "-o", options, "start"], user)
        try:
            yield f"postgres://ours@/postgres?host={quote(folder, safe='')}"
        finally:
            _run([*control, "-m", "immediate", "stop"], user)
