#!/usr/bin/env python3
"""scripts/update_model.py: what it adds is there, and asked again it adds nothing.

    scripts/in_venv.sh conformance/e2e/real/update_model_test.py PROGRAM
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
SHAPES = "com.amazonaws.ssm#"


def update(model, *operations):
    return subprocess.run([sys.executable, "-B", ROOT / "scripts/update_model.py", "--model", model, *operations],
                          capture_output=True, text=True, check=False, timeout=60)


class UpdateModel(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.model = pathlib.Path(folder.name) / "model.json"
        shutil.copyfile(ROOT / "conformance/ssm/model/ssm.json", self.model)

    def shapes(self):
        return json.loads(self.model.read_text(encoding="utf-8"))["shapes"]

    def test_ours_is_up_to_date(self):
        before = self.shapes()
        self.assertRegex(update(self.model).stdout, r"^0 new in ")
        self.assertEqual(self.shapes(), before)

    def test_what_is_missing_comes_back(self):
        shapes = self.shapes()
        del shapes[SHAPES + "CreateDocumentRequest"]["members"]["Tags"], shapes[SHAPES + "TagList"]
        self.model.write_text(json.dumps({"smithy": "2.0", "shapes": shapes}), encoding="utf-8")
        said = update(self.model).stdout
        self.assertIn("CreateDocumentRequest.Tags: TagList", said)
        self.assertEqual(self.shapes()[SHAPES + "TagList"]["traits"], {"smithy.api#length": {"max": 1000}})

    def test_an_operation_is_added_whole_and_the_program_takes_it(self):
        shapes = self.shapes()
        for name in ("GetParameter", "GetParameterRequest"):
            del shapes[SHAPES + name]
        of_service = shapes[SHAPES + "AmazonSSM"]["operations"]
        of_service.remove({"target": SHAPES + "GetParameter"})
        self.model.write_text(json.dumps({"smithy": "2.0", "shapes": shapes}), encoding="utf-8")
        self.assertIn("GetParameter: operation", update(self.model, "GetParameter").stdout)
        operation = self.shapes()[SHAPES + "GetParameter"]
        self.assertIn({"target": SHAPES + "ParameterNotFound"}, operation["errors"])
        self.assertIn("smithy.api#length", self.shapes()[SHAPES + "PSParameterName"]["traits"])
        listed = subprocess.run([PROGRAM, "list", "--model", self.model], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((listed.returncode, listed.stderr), (0, ""))

    def test_an_unknown_operation_is_refused(self):
        done = update(self.model, "NoSuchOperation")
        self.assertEqual(done.returncode, 2)
        self.assertIn("no operation NoSuchOperation", done.stderr)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
