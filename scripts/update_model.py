#!/usr/bin/env python3
"""Brings conformance/ssm/model/ssm.json up to the published model of SSM, as the pinned botocore has it.

    scripts/in_venv.sh scripts/update_model.py [--model FILE] [OPERATION...]

Adds what is missing of the operations that are named, or of all: shapes, members, constraints, errors with their status, what is
sensitive, an idempotency token or paginated. Names, types and numbers only: no sentence of the documentation is taken over. Prints a
line for each thing that is new. Takes nothing away and changes nothing that is there: conformance/e2e/real/model_facts.py lists what
differs. The file holds a shape a line, sorted, so that a difference between two releases can be read.
"""

import argparse
import gzip
import json
import pathlib
import re
import sys

import botocore

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "conformance/ssm/model/ssm.json"
NAMESPACE = "com.amazonaws.ssm#"
SERVICE = NAMESPACE + "AmazonSSM"


def published(part="service-2"):
    """The text of the published model, in botocore's form; or of what it says of paginators."""
    folder = pathlib.Path(botocore.__file__).parent / "data/ssm/2014-11-06"
    packed, plain = folder / f"{part}.json.gz", folder / f"{part}.json"
    return gzip.decompress(packed.read_bytes()) if packed.exists() else plain.read_bytes()


def pagination(paginator):
    """Smithy's trait `paginated` for botocore's description of a paginator."""
    names = {"input_token": "inputToken", "output_token": "outputToken", "limit_key": "pageSize", "result_key": "items"}
    return {smithy: paginator[key] for key, smithy in names.items() if isinstance(paginator.get(key), str)}


def text_of(model):
    """The model with a shape a line, sorted."""
    head = {key: value for key, value in model.items() if key != "shapes"}
    lines = (f"{json.dumps(name)}: {json.dumps(shape, ensure_ascii=False)}" for name, shape in sorted(model["shapes"].items()))
    return json.dumps(head)[:-1] + ', "shapes": {\n' + ",\n".join(lines) + "\n}}\n"


def member_name(value):
    """The name of an enumeration's member: "InProgress" -> IN_PROGRESS."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", re.sub(r"[^A-Za-z0-9]", "_", value)).upper()
    return "_" + name if not name or name[0].isdigit() else name


class Update:
    def __init__(self, shapes, theirs, paginators):
        self.shapes, self.theirs, self.paginators = shapes, theirs, paginators
        self.news = []
        self.seen = set()

    def reference(self, name):
        """A reference to a shape, which is added if it is not there."""
        if NAMESPACE + name not in self.shapes:
            self.add(name)
        return {"target": NAMESPACE + name}

    def add(self, name):
        source = self.theirs["shapes"][name]
        kind = "enum" if "enum" in source else "union" if source.get("union") else source["type"]
        shape = {"type": kind}
        self.shapes[NAMESPACE + name] = shape
        self.news.append(f"{name}: {kind}")
        if kind == "enum":
            shape["members"] = {
                member_name(value): {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": value}} for value in source["enum"]}
        if kind in ("structure", "union"):
            shape["members"] = {}
        traits = {"smithy.api#sensitive": {}} if source.get("sensitive") else {}
        limits = {limit: source[limit] for limit in ("min", "max") if limit in source}
        if limits:
            traits["smithy.api#range" if kind in ("integer", "long") else "smithy.api#length"] = limits
        if "pattern" in source:
            traits["smithy.api#pattern"] = source["pattern"]
        if source.get("exception"):
            status = source.get("error", {}).get("httpStatusCode", 500 if source.get("fault") else 400)
            traits |= {"smithy.api#error": "server" if status >= 500 else "client", "smithy.api#httpError": status}
        if traits:
            shape["traits"] = traits
        self.complete(name)

    def complete(self, name, published_as=None):
        """Members of a shape that is there, at any depth. Ours may have another name."""
        source = self.theirs["shapes"].get(published_as or name)
        if name in self.seen or source is None or NAMESPACE + name not in self.shapes:
            return
        self.seen.add(name)
        shape = self.shapes[NAMESPACE + name]
        for member, of in source.get("members", {}).items() if shape["type"] in ("structure", "union") else ():
            if member not in shape["members"]:
                shape["members"][member] = self.reference(of["shape"])
                traits = {"smithy.api#required": {}} if member in source.get("required", []) else {}
                if of.get("idempotencyToken"):
                    traits["smithy.api#idempotencyToken"] = {}
                if traits:
                    shape["members"][member]["traits"] = traits
                self.news.append(f"{name}.{member}: {of['shape']}")
            self.complete(shape["members"][member]["target"].removeprefix(NAMESPACE), of["shape"])
        for part in ("member", "key", "value"):
            if part in source:
                shape[part] = shape.get(part) or self.reference(source[part]["shape"])
                self.complete(shape[part]["target"].removeprefix(NAMESPACE), source[part]["shape"])

    def operation(self, name):
        source = self.theirs["operations"][name]
        if NAMESPACE + name not in self.shapes:
            self.shapes[NAMESPACE + name] = {"type": "operation", "errors": []}
            self.shapes[SERVICE]["operations"].append({"target": NAMESPACE + name})
            self.news.append(f"{name}: operation")
        operation = self.shapes[NAMESPACE + name]
        for side in ("input", "output"):
            if side in source:
                operation[side] = operation.get(side) or self.reference(source[side]["shape"])
                self.complete(operation[side]["target"].removeprefix(NAMESPACE), source[side]["shape"])
        if name in self.paginators and "smithy.api#paginated" not in operation.get("traits", {}):
            operation.setdefault("traits", {})["smithy.api#paginated"] = pagination(self.paginators[name])
            self.news.append(f"{name} is paginated")
        errors = operation.setdefault("errors", [])
        for error in source.get("errors", []):
            reference = self.reference(error["shape"])
            if reference not in errors:
                errors.append(reference)
                self.news.append(f"{name} declares {error['shape']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("operations", metavar="OPERATION", nargs="*", help="an operation that is to be described (default: all)")
    parser.add_argument("--model", type=pathlib.Path, default=MODEL, help="the Smithy model that is brought up to date (default: ours)")
    options = parser.parse_args()
    theirs = json.loads(published())
    for name in options.operations:
        if name not in theirs["operations"]:
            print(f"update_model: there is no operation {name} in the published model", file=sys.stderr)
            return 2
    model = json.loads(options.model.read_text(encoding="utf-8"))
    update = Update(model["shapes"], theirs, json.loads(published("paginators-1"))["pagination"])
    for name in options.operations or theirs["operations"]:
        update.operation(name)
    model["shapes"][SERVICE]["operations"].sort(key=lambda operation: operation["target"])
    options.model.write_text(text_of(model), encoding="utf-8")
    for line in update.news:
        print(line)
    print(f"{len(update.news)} new in {options.model}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
