"""SSMC_PART=N in the environment: of the tests of the program, about one in N is run, always the same ones. For builds in
which the program is many times slower (sanitizers); without it, all are run."""

import os
import unittest
import zlib

EVERY = int(os.environ.get("SSMC_PART", "1"))


def chosen(name):
    return zlib.crc32(name.encode(errors="surrogateescape")) % EVERY == 0


def tests_of(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests_of(test)
        else:
            yield test


def load_tests(_loader, tests, _pattern):
    """For unittest: a module that has this name loads what is chosen of it."""
    return unittest.TestSuite(test for test in tests_of(tests) if chosen(test.id().split(".", 1)[1]))
