"""Make requirements.txt and requirements-dev.txt from pyproject.toml.

The files hold names, versions and hashes for every platform, and no address: whoever installs
from them uses the package index that their organisation allows.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "requirements.txt": [],
    "requirements-dev.txt": ["--extra", "dev", "--extra", "bench"],
}
# One machine's own package folders must not reach a file that everybody installs from.
MACHINE_SETTINGS = ("PIP_", "UV_")


def lock(name: str, extras: list[str]) -> None:
    """Write one requirement file, keeping the versions it already holds where they still fit."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(MACHINE_SETTINGS)}
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-config"]
    # With `coverage` in place of `coverage[toml]` an older pip takes the newest release for the
    # latter, finds no hash of it and stops: a fresh install would fail the day a release appears.
    options.append("--no-strip-extras")
    plain = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate"]
    uv = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"]
    command = [*uv, *options, *plain, *extras, *sys.argv[1:], "--output-file", name]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)
    text = (ROOT / name).read_text()
    if "://" in text:
        sys.exit(f"{name} holds an address. Take it out of pyproject.toml, then run make lock.")


for file_name, its_extras in FILES.items():
    lock(file_name, its_extras)
    print(file_name)
