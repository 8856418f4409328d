#!/usr/bin/env python3
"""Tries the oracle on the whole public model of SSM, as the pinned botocore has it.

    scripts/in_venv.sh conformance/e2e/real/public_model.py PROGRAM [GoogleTest option]...

PROGRAM is public_model_test. Exit status: its own.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from update_model import published  # noqa: E402


def main():
    with tempfile.TemporaryDirectory(prefix="ssmc-model-") as name:
        path = pathlib.Path(name) / "service-2.json"
        path.write_bytes(published())
        return subprocess.run(sys.argv[1:], env={**os.environ, "SSMC_PUBLIC_MODEL": str(path)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
