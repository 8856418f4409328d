#!/usr/bin/env bash
# Builds the hermetic fuzz targets as ClusterFuzzLite and OSS-Fuzz want them: from the environment that those
# services set, into a folder that works on machines with nothing but a C library.
#
#   $CXX $CXXFLAGS         the compiler and its flags: sanitizers and coverage are theirs to choose, none is added
#   $LIB_FUZZING_ENGINE    what is linked for an engine: -fsanitize=fuzzer, or a library
#   $OUT                   where the targets go, each with its _seed_corpus.zip, .dict and .options
#   $WORK                  where the build goes (default: a folder of its own, removed at the end)
#   $JOBS                  at once (default: the cores)
#   $TARGETS               only these ("json model"; default: all)
#
# Which targets there are, with their dictionaries and seeds, is what CMake says (add_fuzzer in CMakeLists.txt).
# Packages: scripts/setup.sh build, and clang. scripts/check_fuzz_builds.sh tries all this with three engines.
set -eu
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

die() {
  printf 'fuzzers/build.sh: %s\n' "$*" >&2
  exit 1
}
for name in CXX CXXFLAGS LIB_FUZZING_ENGINE OUT; do
  [[ -n ${!name-} ]] || die "\$$name is not set; the first lines of this file say what it is for"
done
if [[ -n ${WORK-} ]]; then
  build=$WORK/ssm-conformance
else
  build=$(mktemp -d)
  trap 'rm -rf "$build"' EXIT
fi
mkdir -p "$OUT" "$build"
OUT=$(cd "$OUT" && pwd -P)

# The distribution's libraries (RE2, fmt, Boost) speak the interface of libstdc++; a program has one of the two.
flags=${CXXFLAGS//-stdlib=libc++/-stdlib=libstdc++}

# Libraries are found beside the target, also those that other libraries need (an rpath; a runpath serves the first
# level only).
cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_COMPILER="$CXX" -DCMAKE_CXX_FLAGS="$flags" \
  -DCMAKE_EXE_LINKER_FLAGS=-Wl,--disable-new-dtags "-DCMAKE_BUILD_RPATH=\$ORIGIN/lib" \
  -DSSMC_FUZZERS=ON "-DSSMC_FUZZING_ENGINE=$LIB_FUZZING_ENGINE" -DSSMC_BENCHMARKS=OFF
wanted=(fuzzers)
if [[ -n ${TARGETS-} ]]; then
  read -r -a wanted <<<"$TARGETS"
  wanted=("${wanted[@]/%/_fuzzer}")
fi
cmake --build "$build" --target "${wanted[@]}" -j "${JOBS:-$(nproc)}"

# Every library but those of the C library and of the compiler's runtime that the services have.
pack_libraries() {
  local name arrow path
  while read -r name arrow path _; do
    [[ $arrow == '=>' ]] || continue
    case $name in
      libc.so.* | libm.so.* | libdl.so.* | librt.so.* | libpthread.so.* | libresolv.so.* | ld-linux*) continue ;;
    esac
    [[ -f $path ]] || die "$1 needs $name, which is not here"
    mkdir -p "$OUT/lib"
    cp -L --update "$path" "$OUT/lib/$name"
  done < <(ldd "$1")
}

pack_seeds() {
  local target=$1 folder file staged
  shift
  staged=$(mktemp -d)
  for folder in "$@"; do
    for file in "$root/corpus/$folder"/*; do cp "$file" "$staged/$folder-${file##*/}"; done
  done
  (cd "$staged" && cmake -E tar cf "$OUT/${target}_seed_corpus.zip" --format=zip -- *)
  rm -rf "$staged"
}

count=0
while read -r target dictionary corpora; do
  program=${target}_fuzzer
  if [[ -n ${TARGETS-} && " ${wanted[*]} " != *" $program "* ]]; then continue; fi
  cp "$build/fuzzers/$program" "$OUT/$program"
  pack_libraries "$build/fuzzers/$program"
  # shellcheck disable=SC2086  # names of folders, by words
  pack_seeds "$program" $corpora
  cp "$build/fuzzers/dictionaries/$dictionary.dict" "$OUT/$program.dict"
  cp "$root/fuzzers/targets.options" "$OUT/$program.options"
  count=$((count + 1))
done <"$build/fuzzers/targets.txt"
[[ $count -gt 0 ]] || die "CMake names no target"
echo "$count targets in $OUT"
