"""Loaded before the settings are read: tests keep to a folder of their own, never an installation's."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

os.environ["MINGZHENG_REQUIRE_SECOND_FACTOR"] = ""  # tests of signing in ask for it themselves
os.environ["MINGZHENG_HOME"] = tempfile.mkdtemp(prefix="mingzheng-test-")
atexit.register(shutil.rmtree, os.environ["MINGZHENG_HOME"], ignore_errors=True)
