"""Writing a backup."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from wholesystem import __version__, files
from wholesystem.web.answers.keeping import kept_files
from wholesystem.web.audit.models import SiteEvent
from wholesystem.web.backup.manifest import CHUNK, MANIFEST, Manifest
from wholesystem.web.backup.tables import models_of, table_lines
from wholesystem.web.database import one_view

__all__ = ["ANSWERS", "DOCUMENTS", "TABLES", "write_backup"]

TABLES = "tables/"
DOCUMENTS = "documents/"
ANSWERS = "answers/"


def write_backup(target: Path) -> Manifest:
    """Write all that a workspace holds into one zip file.

    Parameters
    ----------
    target : Path
        The file; an earlier one stays as it was until the new one is whole.

    Returns
    -------
    Manifest
        What the file says of itself.

    Raises
    ------
    OutputError
        If the file may not be written there.
    """
    with files.atomic_path(target) as part:
        # Hashes of passwords and the words of people: for the owner's eyes only.
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            manifest = _write(archive)
        with part.open("rb") as file:
            os.fsync(file.fileno())
    return manifest


def _write(archive: zipfile.ZipFile) -> Manifest:
    manifest = Manifest(
        made_at=datetime.now(UTC).isoformat(timespec="seconds"), version=__version__, migrations=[]
    )
    with one_view():
        made = MigrationRecorder(connection).applied_migrations()
        manifest.migrations = sorted([app, name] for app, name in made)
        last = SiteEvent.objects.order_by("-number").first()
        manifest.chain = last.digest if last else ""
        for model in models_of(apps):
            label = model._meta.label_lower
            name = f"{TABLES}{label}.jsonl"
            lines = (line.encode("utf-8") for line in table_lines(model))
            count, manifest.files[name] = _write_entry(archive, name, lines)
            manifest.tables[label] = count - 1
    # After the tables: a document's file is there before its row, so none that a row names lacks.
    for path, name in _documents():
        with path.open("rb") as file:
            _, manifest.files[name] = _write_entry(
                archive, name, iter(lambda: file.read(CHUNK), b"")
            )
    # After the tables too: a tool that was closed meanwhile is closed again without harm.
    for name, blocks in kept_files():
        _, manifest.files[ANSWERS + name] = _write_entry(archive, ANSWERS + name, blocks)
    archive.writestr(MANIFEST, manifest.text())
    return manifest


def _documents() -> list[tuple[Path, str]]:
    root = Path(settings.MEDIA_ROOT)
    found = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return [(path, DOCUMENTS + path.relative_to(root).as_posix()) for path in found]


def _write_entry(archive: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> tuple[int, str]:
    """Number of blocks written, and the digest over them."""
    digest, count = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as entry:
        for block in blocks:
            entry.write(block)
            digest.update(block)
            count += 1
    return count, digest.hexdigest()
