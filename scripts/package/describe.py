#!/usr/bin/env python3
"""Writes the man page and the completions of bash and zsh from the program's --help.

    describe.py PROGRAM FOLDER

FOLDER gets man/man1/ssm-conformance.1.gz, bash-completion/completions/ssm-conformance and zsh/vendor-completions/_ssm-conformance.
The help texts become an argparse parser, which argparse-manpage and shtab turn into the three.
"""

import argparse
import gzip
import pathlib
import re
import subprocess
import sys

import shtab
from argparse_manpage.manpage import Manpage

NAME = "ssm-conformance"
# "  -h,--help                   Print": two spaces, the names and what they take; then the description, here or on the next line.
ENTRY = re.compile(r"  (\S(?:.*?\S)?)(?:\s{2,}(\S.*))?$")
OPTION = re.compile(r"(-\w,)?(--[\w-]+)(?: (?P<type>[A-Z]+)(?::\{(?P<choices>[^}]*)\})?(?:=(?P<default>\S*))?(?P<many> \.\.\.)?)?(?P<rest> .*)?$")
FILES = {"--baseline", "--results", "--junit", "--html", "--sarif", "--markdown", "--badge", "--model", "--ca-bundle", "--json", "--coverage"}


def help_of(program, *command):
    text = subprocess.run([program, *command, "--help"], check=True, capture_output=True, text=True).stdout
    return re.sub(r"^Usage: \S+", f"Usage: {NAME}", text, flags=re.M)


def entries(text):
    """(section, entry, description) for each entry of a list, as in "Options:"; examples are none."""
    found, section = [], None
    for line in text.splitlines():
        if re.fullmatch(r"[A-Z]\w*:", line):
            section = line[:-1]
        elif section and found and line.startswith("   "):  # the description of a long entry, or its next line
            found[-1][2] = f"{found[-1][2]} {line.strip()}".strip()
        elif match := section and ENTRY.fullmatch(line):
            found.append([section, match[1], match[2] or ""])
        elif line and not line.startswith(" "):
            section = None
    return [entry for entry in found if entry[0] != "Examples"]


def add_arguments(parser, text):
    groups = {}
    for section, entry, description in entries(text):
        description = description.replace("%", "%%")
        if section == "Positionals":
            many = "..." in entry
            parser.add_argument(entry.split()[0], nargs="+" if many else None, help=description).complete = shtab.FILE
            continue
        option = OPTION.fullmatch(entry)
        if option is None:
            sys.exit(f"describe: {entry!r} has no form that is known")
        if option[2] == "--help":  # argparse has its own
            continue
        groups.setdefault(section, parser.add_argument_group(section) if section != "Options" else parser)
        if option["type"] is None:
            groups[section].add_argument(option[2], action="store_true", help=description)
            continue
        if option["default"]:
            description += f" (default: {option['default']})"
        choices = option["choices"].split(",") if option["choices"] else None
        added = groups[section].add_argument(option[2], metavar=option["type"], choices=choices, help=description,
                                             action="append" if option["many"] else "store")
        if option[2] in FILES:
            added.complete = shtab.FILE


def parser_of(program):
    text = help_of(program)
    parser = argparse.ArgumentParser(prog=NAME, description=text.splitlines()[0].partition(": ")[2],
                                     formatter_class=argparse.RawDescriptionHelpFormatter, epilog=text[text.index("Exit status"):])
    parser.add_argument("--version", action="store_true", help="Print the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for section, entry, description in entries(text):
        if section == "Subcommands":
            command_text = help_of(program, entry)
            command = commands.add_parser(entry, help=description, description=command_text.splitlines()[0])
            add_arguments(command, command_text)
    return parser


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    parser = parser_of(program)
    page = str(Manpage(parser, format="single-commands-section", _data={
        "project_name": NAME, "prog": NAME, "description": parser.description, "manual_title": "User Commands"}))
    written = {
        "man/man1/ssm-conformance.1.gz": gzip.compress(page.encode(), mtime=0),
        "bash-completion/completions/ssm-conformance": shtab.complete(parser, "bash").encode(),
        "zsh/vendor-completions/_ssm-conformance": shtab.complete(parser, "zsh").encode(),
    }
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
