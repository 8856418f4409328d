"""The referee for endpoints that speak the AWS Systems Manager API: a program, and what starts it from Python."""

import pathlib


def program() -> str:
    """Returns the path of the program."""
    return str(pathlib.Path(__file__).with_name("bin") / "ssm-conformance")
