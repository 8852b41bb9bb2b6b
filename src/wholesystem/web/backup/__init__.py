"""Backups of a workspace: one zip file that holds its tables as text, and its documents.

The same file is made from SQLite and from PostgreSQL, and goes back into either, so that a
workspace can also move from one to the other. Nothing but this program is needed for it.
"""

from wholesystem.web.backup.restoring import restore_backup
from wholesystem.web.backup.writing import write_backup

__all__ = ["restore_backup", "write_backup"]
