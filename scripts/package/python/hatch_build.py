"""Puts the built program into the wheel, and marks the wheel with the platform that the program is for.

SSMC_PROGRAM names the program. SSMC_PLATFORM is the wheel's platform tag, such as manylinux_2_34_x86_64; without it, the wheel is for
machines like this one. SSMC_LICENSES names a file with the licences of all that is in the program; without it, the wheel has the project's own.
"""

import os
import pathlib
import sysconfig

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProgramHook(BuildHookInterface):
    def initialize(self, version, build_data):
        platform = os.environ.get("SSMC_PLATFORM") or sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform}"
        build_data["force_include"][os.environ["SSMC_PROGRAM"]] = "ssm_conformance/bin/ssm-conformance"
        licenses = os.environ.get("SSMC_LICENSES") or str(pathlib.Path(self.root).parents[2] / "LICENSE")
        build_data["force_include"][licenses] = "ssm_conformance/LICENSE"
