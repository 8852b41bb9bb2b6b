"""The workspace's settings for the linters, which only look: in a data folder that goes again."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="wholesystem-lint-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["WHOLESYSTEM_DATA_FOLDER"] = _folder

from wholesystem.web.settings import *  # noqa: E402, F403
