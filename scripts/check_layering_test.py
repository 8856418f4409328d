#!/usr/bin/env python3
"""check_layering.py: that it finds what it is there to find, in a small tree of files."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().with_name("check_layering.py")
PROJECT = SCRIPT.parent.parent


class CheckLayering(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        shutil.copytree(PROJECT / "conformance/ssm/model", self.root / "conformance/ssm/model")

    def found(self, name, *lines):
        """What is said of a tree whose only source is this file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run([sys.executable, "-B", SCRIPT, self.root], capture_output=True, text=True, check=False)
        path.unlink()
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1 if done.stdout else 0)
        return done.stdout.replace(f"{path}:", "").splitlines()

    def test_the_project_keeps_to_it(self):
        done = subprocess.run([sys.executable, "-B", SCRIPT], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_a_word_of_ssm_is_found_wherever_it_stands(self):
        for line in [
            'std::string service = "ssm";',
            "/// Knows nothing of SSM.",
            "Request ssm_request();",
            '{"X-Amz-Target", "AmazonSSM." + operation}',
            'return "com.amazonaws.ssm#" + code;',
            'getenv("AWS_ENDPOINT_URL_SSM")',
            "// as DescribeDocumentPermission does",
            "/// GetParameter, which our model does not describe",
            "if (member == PermissionType) return;",
            "std::string document;",
            'text = "{{connected-node}}";',
            "const auto nodes = find();",
            "// one account more",
        ]:
            with self.subTest(line):
                said = self.found("harness/wire/x.cc", "", line)
                self.assertEqual(len(said), 1)
                self.assertIn("2: harness serves any service and may not say ", said[0])

    def test_what_only_looks_like_one_is_not_found(self):
        lines = [
            "// ssm-conformance replay",
            "#ifdef SSMC_SANITIZE",
            "target_link_libraries(x ssmc_boost)",
            "case ShapeType::document:",
            "/// the documented maximum; see the documentation",
            "const JsonNode& node = tree;",
            "pugi::xml_document xml;",
            "// MaxResults and NextToken",
            'env("SSM_FUZZ_SPAWN")',
            'k.startswith(("AWS_", "SSM_"))',
        ]
        self.assertEqual(self.found("harness/report/x.cc", *lines), [])

    def test_tests_prose_and_other_folders_may_say_it(self):
        for name in ["harness/wire/x_test.cc", "harness/wire/x_for_test.h", "harness/wire/test_x.h", "conformance/x.cc", "fuzzers/README.md"]:
            with self.subTest(name):
                self.assertEqual(self.found(name, "// ssm"), [])

    def test_it_is_found_in_files_of_every_kind(self):
        for name in ["harness/report/page.html.mustache", "harness/base/CMakeLists.txt", "harness/CMakeLists.txt", "fuzzers/x.dict"]:
            with self.subTest(name):
                self.assertEqual(len(self.found(name, "ssm")), 1)

    def test_only_tests_link_the_pack(self):
        test = ["harness_test(", "  x_test SOURCES x_test.cc", "  LINK ssm_rules)"]
        library = ["harness_library(", "  wire SOURCES x.cc", "  LINK ssm_rules)"]
        self.assertEqual(self.found("harness/wire/CMakeLists.txt", *test), [])
        said = self.found("harness/wire/CMakeLists.txt", *test, *library)
        self.assertEqual(said, ["6: harness serves any service and may not say ssm"])

    def test_a_folder_may_not_use_one_that_comes_after_it(self):
        self.assertEqual(
            self.found("harness/wire/x.h", '#include "harness/run/case.h"'), ["1: wire comes before run and may not use harness/run/case.h"]
        )

    def test_oracle_does_no_input_or_output(self):
        self.assertEqual(len(self.found("harness/oracle/x.cc", "#include <fstream>")), 1)


if __name__ == "__main__":
    unittest.main()
