#!/usr/bin/env bash
# licenses.sh BUILD: prints the licence of the project, and those of the libraries that BUILD has linked statically, as their Debian
# packages state them. For scripts/package.sh.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cat "$root/LICENSE"
# Libraries, and those that are headers alone. Boost's licence asks for no notice beside a program.
for name in nlohmann-json3-dev libre2-dev libyaml-cpp-dev libssl-dev zlib1g-dev libfmt-dev libcli11-dev \
  libpugixml-dev libutfcpp-dev libexpected-dev libkainjow-mustache-dev 'libstdc++-[0-9]*-dev'; do
  found=no
  for file in /usr/share/doc/$name/copyright; do
    [[ -s $file ]] || continue
    found=yes
    printf '\n\n===== %s\n\n' "$(basename "$(dirname "$file")")"
    cat "$file"
  done
  [[ $found == yes ]] || { echo "licenses: no copyright file of $name" >&2 && exit 1; }
done
printf '\n\n===== simdjson\n\n'
cat "$1/_deps/simdjson_source-src/LICENSE"
