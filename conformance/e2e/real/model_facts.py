#!/usr/bin/env python3
"""Compares our model of SSM, shape by shape, with the published one, as the pinned botocore has it.

    scripts/in_venv.sh conformance/e2e/real/model_facts.py

Of each operation that we describe: members, which of them are required, their types, lengths, ranges, patterns and enumerations, at
any depth, and the declared errors with their status. One line for each difference; exit status 1 if there is any that is not in
RECORDED.
"""

import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from update_model import published  # noqa: E402

# What AWS was recorded to answer differs from what it publishes: shape, fact, and what we say.
RECORDED = {}
PRELUDE = {"String": "string", "Integer": "integer", "Boolean": "boolean", "Timestamp": "timestamp", "Long": "long",
           "PrimitiveInteger": "integer", "PrimitiveBoolean": "boolean"}


def limits_of(source, kind):
    """A length of at least 0 says nothing."""
    counted = kind not in ("integer", "long")
    return {limit: source[limit] for limit in ("min", "max") if limit in source and (limit, counted, source[limit]) != ("min", True, 0)}


class Ours:
    """A Smithy model in the words of botocore's form."""

    def __init__(self, shapes):
        self.shapes = {name.split("#")[1]: shape for name, shape in shapes.items()}

    def facts(self, name, own=()):
        """Type and constraints of a shape, with those that a member adds."""
        shape = self.shapes.get(name)
        if shape is None:
            return {"type": PRELUDE[name]}
        traits = {**shape.get("traits", {}), **dict(own)}
        kind = {"enum": "string", "union": "structure"}.get(shape["type"], shape["type"])
        out = {"type": kind}
        for trait in ("smithy.api#length", "smithy.api#range"):
            out |= limits_of(traits.get(trait, {}), kind)
        if "smithy.api#pattern" in traits:
            out["pattern"] = traits["smithy.api#pattern"]
        if shape["type"] == "enum":
            values = (member.get("traits", {}).get("smithy.api#enumValue", key) for key, member in shape["members"].items())
            out["enum"] = sorted(values)
        return out

    def members(self, name):
        """Member -> (its shape, traits of its own), of a structure; "member", "key" and "value" of lists and maps."""
        shape = self.shapes.get(name, {})
        if shape.get("type") in ("structure", "union"):
            pairs = shape.get("members", {}).items()
        else:
            pairs = ((key, shape[key]) for key in ("member", "key", "value") if key in shape)
        return {key: (member["target"].split("#")[1], member.get("traits", {})) for key, member in pairs}


def facts_of(shape):
    out = {key: shape[key] for key in ("type", "pattern") if key in shape} | limits_of(shape, shape["type"])
    if "enum" in shape:
        out["enum"] = sorted(shape["enum"])
    return out


class Comparison:
    def __init__(self, ours, theirs):
        self.ours, self.theirs = ours, theirs
        self.differences = []
        self.compared = set()

    def differ(self, where, ours, theirs):
        if ours != theirs and RECORDED.get(where) != ours:
            self.differences.append(f"{where}: ours {ours!r}, published {theirs!r}")

    def shape(self, where, name, traits, their_name):
        theirs = self.theirs[their_name]
        mine, other = self.ours.facts(name, traits), facts_of(theirs)
        for fact in sorted(mine.keys() | other.keys()):
            self.differ(f"{where} {fact}", mine.get(fact), other.get(fact))
        if (name, their_name) in self.compared:
            return
        self.compared.add((name, their_name))
        members = self.ours.members(name)
        their_members = theirs.get("members") or {key: theirs[key] for key in ("member", "key", "value") if key in theirs}
        self.differ(f"{where} members", sorted(members), sorted(their_members))
        if theirs["type"] == "structure":
            required = sorted(key for key, (_, own) in members.items() if "smithy.api#required" in own)
            self.differ(f"{where} required", required, sorted(theirs.get("required", [])))
        for key in members.keys() & their_members.keys():
            self.shape(f"{where}.{key}", *members[key], their_members[key]["shape"])

    def operation(self, name, ours, theirs):
        for side in ("input", "output"):
            self.shape(f"{name} {side}", ours[side]["target"].split("#")[1], {}, theirs[side]["shape"])
        errors = {error["target"].split("#")[1] for error in ours.get("errors", [])}
        self.differ(f"{name} errors", sorted(errors), sorted(error["shape"] for error in theirs.get("errors", [])))
        for error in errors:
            status = self.ours.shapes[error]["traits"].get("smithy.api#httpError", 400)
            exception = self.theirs.get(error, {})
            their_status = exception.get("error", {}).get("httpStatusCode", 500 if exception.get("fault") else 400)
            self.differ(f"{error} status", status, their_status)


def main():
    ours = Ours(json.loads((ROOT / "conformance/ssm/model/ssm.json").read_text(encoding="utf-8"))["shapes"])
    theirs = json.loads(published())
    comparison = Comparison(ours, theirs["shapes"])
    operations = {name: shape for name, shape in ours.shapes.items() if shape["type"] == "operation"}
    for name, shape in sorted(operations.items()):
        if name not in theirs["operations"]:
            comparison.differences.append(f"{name}: it is not published")
            continue
        comparison.operation(name, shape, theirs["operations"][name])
    names = {name for name, shape in ours.shapes.items() if shape["type"] == "operation"}
    comparison.differ("operations", sorted(names - theirs["operations"].keys()), sorted(theirs["operations"].keys() - names))
    for line in comparison.differences:
        print(line)
    print(f"{len(operations)} operations, {len(comparison.compared)} shapes compared: {len(comparison.differences)} differences")
    return 1 if comparison.differences or not comparison.compared else 0


if __name__ == "__main__":
    sys.exit(main())
