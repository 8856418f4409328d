#!/bin/bash -eu
# Called in the container of the Dockerfile; everything is in the script that OSS-Fuzz calls too.
exec "$SRC/ssm-conformance/fuzzers/build.sh"
