#!/usr/bin/env bash
# Makes the records of what moto and MiniStack are known to answer again: conformance/e2e/real/*.json. For after a change of the
# cases or of the pinned versions. Look at the difference (git diff) before it is committed: each line of it is a verdict
# on somebody's work.
#
#   scripts/record_baselines.sh [PROGRAM]     default: build/release/conformance/ssm-conformance
#
# Needs build/venv, which scripts/test.sh makes.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
tool=${1:-$root/build/release/conformance/ssm-conformance}
for name in moto ministack; do
  "$root/scripts/in_venv.sh" "$root/conformance/e2e/real/recorded.py" --tool "$tool" --record "$name"
done
