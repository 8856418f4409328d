#!/usr/bin/env python3
"""Tries the oracle on the whole public model of SSM, as the pinned botocore has it.

    scripts/in_venv.sh conformance/e2e/real/public_model.py PROGRAM [GoogleTest option]...

PROGRAM is public_model_test. Exit status: its own.
"""

import gzip
import os
import pathlib
import subprocess
import sys
import tempfile

import botocore


def main():
    folder = pathlib.Path(botocore.__file__).parent / "data/ssm/2014-11-06"
    packed, plain = folder / "service-2.json.gz", folder / "service-2.json"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()
    with tempfile.TemporaryDirectory(prefix="ssmc-model-") as name:
        path = pathlib.Path(name) / "service-2.json"
        path.write_bytes(text)
        return subprocess.run(sys.argv[1:], env={**os.environ, "SSMC_PUBLIC_MODEL": str(path)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
