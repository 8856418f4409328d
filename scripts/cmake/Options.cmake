# Language level, warnings, sanitizers and the compiler cache: the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

set(SSMC_SANITIZE "" CACHE STRING "Sanitizers for every target, for example address,undefined")
option(SSMC_FUZZERS "Build the fuzz targets (clang only)" OFF)
set(SSMC_FUZZING_ENGINE "" CACHE STRING "What the fuzz targets link for an engine, for services that bring their own with its flags; empty: libFuzzer")
option(SSMC_LIVE "Build the fuzz targets that talk to an endpoint (clang only; built with SSMC_FUZZERS too)" OFF)
option(SSMC_STATIC "Link every library but the C library statically, as scripts/package.sh does" OFF)
option(SSMC_BENCHMARKS "Build the benchmarks" ON)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wconversion -Wno-sign-conversion
                    -Wno-missing-field-initializers)
# Warnings are errors with the compilers that scripts/test.sh runs; a newer one has warnings that nobody has seen yet, and
# they must not keep anyone from building the command.
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13) OR
   (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15))
  add_compile_options(-Werror)
endif()
# Several source files of a target are compiled as one: the libraries' headers and templates, most of the cost, are compiled
# once for all of them. Editing one file then compiles its whole batch; -DCMAKE_UNITY_BUILD=OFF compiles each for itself.
if(NOT DEFINED CMAKE_UNITY_BUILD)
  set(CMAKE_UNITY_BUILD ON)
endif()
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-subobject-linkage)  # to it, a source file within a batch is a header
  # GCC 12 reports these inside the standard library's and Boost's inlined code.
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
endif()

if(SSMC_SANITIZE)
  add_compile_options(-fsanitize=${SSMC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SSMC_SANITIZE})
endif()

# The fuzz targets learn from the coverage of everything that they run, so all of the build is instrumented. (Targets that
# fuzz an endpoint over the network are the opposite: they belong in a build without this, see fuzzers/README.md.)
if(SSMC_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "SSMC_FUZZERS needs clang: cmake --preset fuzz")
  endif()
  if(NOT SSMC_FUZZING_ENGINE)  # with another engine, the compiler's flags are its own business
    add_compile_options(-fsanitize=fuzzer-no-link)
    add_link_options(-fsanitize=fuzzer-no-link)
  endif()
endif()

if(SSMC_LIVE AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "SSMC_LIVE needs clang: cmake --preset live")
endif()

# Decided once for a build folder: another launcher changes every command, so a cache that is installed later would compile
# everything again.
if(NOT DEFINED SSMC_COMPILER_CACHE)
  find_program(SSMC_COMPILER_CACHE_PROGRAM ccache)
  mark_as_advanced(SSMC_COMPILER_CACHE_PROGRAM)
  set(SSMC_COMPILER_CACHE "${SSMC_COMPILER_CACHE_PROGRAM}" CACHE STRING "The compiler cache; empty or NOTFOUND: none")
endif()
if(SSMC_COMPILER_CACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SSMC_COMPILER_CACHE})
endif()
