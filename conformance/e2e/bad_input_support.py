"""What the tests of bad input share: how the program must refuse, whatever is wrong."""

import hashlib
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

from part import chosen

PROGRAM = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else ""
LIMIT = 120  # seconds for one run: far beyond what any takes, so that a hang ends
MOST_MEMORY = 1 << 30  # bytes that any run may hold at its largest
LONGEST_LINE = 2200  # characters
SECRET = "MARKERsecretMARKER"
FEW = ["--filter", "GetConnectionStatus/Target/required/*"]
NOBODY = "http://127.0.0.1:1"  # a port of the system's that nobody listens at


class BadInputTest(unittest.TestCase):
    refused = 0  # bad inputs so far, in all tests

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ssmc-bad-input-"))
        self.addCleanup(shutil.rmtree, self.folder)

    @classmethod
    def tearDownClass(cls):
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        if most > MOST_MEMORY:
            raise AssertionError(f"a run held {most >> 20} MiB")

    def path(self, name, content=None):
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            path.write_text(content, encoding="utf-8")
        return str(path)

    def run_it(self, *arguments, **more):
        stdout = more.pop("stdout", subprocess.PIPE)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SSMC_"))}
        environment.update(HOME=str(self.folder))
        environment.update(more)
        done = subprocess.run([PROGRAM, *arguments], env={k: v for k, v in environment.items() if v is not None},
                              stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, timeout=LIMIT,
                              cwd=self.folder)
        done.out = (done.stdout or b"").decode()
        done.err = done.stderr.decode()
        self.assertNotIn(SECRET, done.out + done.err)
        return done

    def contents(self):
        """Every name in the folder with what stands there; a large file by its size."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_symlink() or not path.is_file():
                found[path] = path.lstat().st_mode
            elif path.stat().st_size > 10_000_000:
                found[path] = path.stat().st_size
            else:
                found[path] = hashlib.sha256(path.read_bytes()).digest()
        return found

    def refuses(self, arguments, *expected, status=2, **more):
        """One line on standard error that says all of `expected`, nothing printed, and no file touched."""
        shown = " ".join(a if len(a) < 80 else a[:80] + "..." for a in arguments)
        if not chosen(shown):
            return
        before = self.contents()
        with self.subTest(shown + str({k: str(v)[:80] for k, v in more.items()} or "")):
            done = self.run_it(*arguments, **more)
            self.assertEqual(done.returncode, status, done.out[-500:] + done.err[-2000:])
            self.assertEqual(done.err.count("\n"), 1, done.err[:3000])
            self.assertTrue(done.err.startswith("ssm-conformance: "), done.err[:300])
            self.assertTrue(done.err[:-1].isprintable(), repr(done.err[:3000]))
            self.assertLess(len(done.err), LONGEST_LINE)
            for part in expected:
                self.assertIn(part, done.err)
            if status == 2:
                self.assertEqual(done.out, "")
            self.assertEqual(self.contents(), before, "a file was created or changed")
        BadInputTest.refused += 1

    def table(self, rows):
        """Rows of (arguments, what the line must say...)."""
        for arguments, *expected in rows:
            self.refuses(arguments, *expected)


def main():
    if not PROGRAM:
        sys.exit(sys.modules["__main__"].__doc__)
    result = unittest.main(exit=False).result
    print(f"{BadInputTest.refused} bad inputs", file=sys.stderr)
    sys.exit(not result.wasSuccessful())
