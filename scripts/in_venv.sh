#!/usr/bin/env bash
# in_venv.sh SCRIPT [ARGUMENT]...: runs a Python script with the packages of scripts/requirements.txt, from $SSMC_VENV or
# build/venv (scripts/test.sh makes it). Exit status 77, which ctest takes as skipped, where there is none.
venv=${SSMC_VENV:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)/build/venv}
if [[ ! -x $venv/bin/python ]]; then
  echo "skipped: no virtual environment at $venv (scripts/test.sh makes it)"
  exit 77
fi
export SSMC_VENV=$venv
exec "$venv/bin/python" "$@"
