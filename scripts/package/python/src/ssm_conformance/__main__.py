"""Becomes the program: `ssm-conformance …` and `python -m ssm_conformance …`."""

import os
import sys

from ssm_conformance import program


def main() -> None:
    sys.stdout.flush()
    os.execv(program(), ["ssm-conformance", *sys.argv[1:]])


if __name__ == "__main__":
    main()
