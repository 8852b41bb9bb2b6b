"""The workspace's settings in tests: its own, in a data folder that lasts as long as the run."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="wholesystem-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
# A person's own settings must not reach the tests.
for _name in [name for name in os.environ if name.startswith("WHOLESYSTEM_")]:
    if _name != "WHOLESYSTEM_REQUIRE_ALL":
        del os.environ[_name]
os.environ["WHOLESYSTEM_DATA_FOLDER"] = _folder

from wholesystem.web.settings import *  # noqa: E402, F403

del os.environ["WHOLESYSTEM_DATA_FOLDER"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# Argon2 takes a tenth of a second on purpose; tests of signing in ask for it by name.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
# Background work is noted and not done: a test that wants it done calls the task itself.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
LOGGING_CONFIG = None
