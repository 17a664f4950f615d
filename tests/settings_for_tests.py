"""Settings for pytest: a data folder and a PostgreSQL of its own for each run, then the real settings on top.

pytest-django imports this before any conftest. Workers of pytest-xdist inherit the environment and share the cluster.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from uppsikt.kernel.postgres import embedded

# What says how to look, not what is looked at.
KEPT = {"UPPSIKT_BROWSER", "UPPSIKT_SHOTS"}
# A lost power cut is no loss here; those who test crashes start a cluster of their own, with everything on.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}


def begin() -> None:
    """Make the run's folder and cluster, and see to it that both are gone afterwards."""
    if "UPPSIKT_TEST_RUN" in os.environ:
        return  # a worker: all is there
    place = Path(tempfile.mkdtemp(prefix="uppsikt-test-"))
    place.chmod(0o711)  # PostgreSQL's account must pass through when root runs the tests
    stack = ExitStack()
    stack.callback(shutil.rmtree, place, ignore_errors=True)
    for name in [name for name in os.environ if name.startswith("UPPSIKT_") and name not in KEPT]:
        del os.environ[name]  # the tests' outcome must not hang on what happens to be set
    os.environ["UPPSIKT_TEST_RUN"] = str(place)
    os.environ["UPPSIKT_DATA"] = str(place)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = stack.enter_context(embedded(place, options=HASTE))
    atexit.register(stack.close)


begin()

from uppsikt.settings import *  # noqa: E402, F403 the environment had to come first

# The live server would serve files of the working directory before any page: our launcher bears the name of a path.
MEDIA_URL = "https://filer.example/"
# Passwords that nobody would steal, written many times over.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
