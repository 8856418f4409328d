"""The report of a night of fuzzing, as Markdown. Only text is made here: nightly_fuzz.py runs the night and writes the file."""

import datetime
import os

MOST_ALIKE = 5  # rows before the others are folded
HEAD = ["| what | seen | signature | report |", "|---|---:|---|---|"]


def counted(things, name: str) -> str:
    """"1 finding", "2 findings"."""
    return f"{len(things)} {name}" + ("" if len(things) == 1 else "s")


def outcome(unexpected, expected, fixed) -> str:
    """The night in a line; arguments: findings as in the folder's index.json."""
    return f"{counted(unexpected, 'finding')} not in the baseline, {len(expected)} in it, {len(fixed)} fixed"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def row(finding, folder: str) -> str:
    link = os.path.normpath(f"{folder}/{finding['id']}.md")
    return f"| {cell(finding['message'])} | {finding['seen']} | `{cell(finding['signature'])}` | [{finding['id']}]({link}) |"


def table(findings, folder: str):
    """One table; of findings that differ in nothing but the kind of request the simplest, and the others folded behind them."""
    groups = {}
    for f in sorted(findings, key=lambda f: (f["signature"].count("+"), f["signature"])):
        operation, rule, _, answer = (f["signature"].split("|") + ["", "", ""])[:4]
        groups.setdefault((operation, rule, answer), []).append(row(f, folder))
    yield f"{counted(findings, 'finding')}, {counted(groups, 'kind')} of operation, rule and answer."
    yield from ("", *HEAD)
    for key in sorted(groups):
        yield from groups[key][:MOST_ALIKE]
    for key in sorted(groups):
        if more := groups[key][MOST_ALIKE:]:
            yield from ("", f"<details><summary>{len(more)} more: {' · '.join(key)}</summary>", "", *HEAD, *more, "", "</details>")


def lines(night, unexpected, expected, fixed):
    o = night.options
    took = int((datetime.datetime.now(datetime.timezone.utc) - night.started).total_seconds())
    yield from ("# Nightly fuzzing", "")
    yield f"* endpoint: `{o.spawn or o.endpoint_url}`" + (f", compared with `{o.other_url}`" if o.other_url else "")
    yield f"* began {night.started:%Y-%m-%d %H:%M:%S} UTC, took {took // 60} min {took % 60} s, seed {o.seed}"
    yield f"* **{outcome(unexpected, expected, fixed)}**"
    if night.replayed:
        yield f"* {night.replayed}"
    if night.lost:
        yield f"* **{night.lost}**"
    if night.interrupted:
        yield "* interrupted: the time was not used up"
    yield from (f"* **the fuzzer itself failed**: {failure}" for failure in night.failures)
    yield from ("", "## Targets", "", "| target | |", "|---|---|")
    yield from (f"| {target} | {line} |" for target, said in night.summaries.items() for line in said)
    if night.merges:
        yield from ("", "Corpora:", "", *(f"* {line}" for line in night.merges))
    folder = os.path.relpath(night.findings, night.report.parent)  # the report may stand elsewhere
    for title, findings in (("Findings", unexpected), ("Expected by the baseline", expected), ("Fixed", fixed)):
        if findings:
            yield from ("", f"## {title}", "", *table(findings, folder))


def markdown(night, unexpected, expected, fixed) -> str:
    """Of a nightly_fuzz.Night that ended, and its findings: those not in the baseline, those in it, and those that no longer happen."""
    return "\n".join(lines(night, unexpected, expected, fixed)) + "\n"
