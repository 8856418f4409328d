# harness_library(<folder> SOURCES ... [LINK ...])
#   The library harness::<folder>, with headers included as "harness/<folder>/x.h".
function(harness_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(harness_${folder} STATIC ${ARG_SOURCES})
  add_library(harness::${folder} ALIAS harness_${folder})
  target_include_directories(harness_${folder} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(harness_${folder} PUBLIC ${ARG_LINK})
endfunction()

# harness_test(<name> SOURCES ... [LINK ...])
#   One GoogleTest program, run by ctest as one test a program (its own filter addresses single tests).
#   A program in which no test ran is a failure, not a success.
function(harness_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(${name} PRIVATE SSMC_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=0)
  set_tests_properties(${name} PROPERTIES FAIL_REGULAR_EXPRESSION "0 tests from 0 test suites ran" TIMEOUT 300)
endfunction()

# embed_files(<target> <namespace> <file>...)
#   Compiles the files into <target>: `std::string_view <namespace>::<name>()` for each, where <name> is the file's name
#   with every character outside [A-Za-z0-9] as `_` (and its folder's before it, if another has the name), and `<namespace>::all()` for all of them, in the order given. The
#   header is "<namespace>.h".
function(embed_files target namespace)
  set(header ${CMAKE_CURRENT_BINARY_DIR}/${namespace}.h)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${namespace}.cc)
  add_custom_command(
    OUTPUT ${header} ${source}
    COMMAND ${CMAKE_COMMAND} -DHEADER=${header} -DSOURCE=${source} -DNAMESPACE=${namespace} "-DFILES=${ARGN}"
            -P ${CMAKE_SOURCE_DIR}/scripts/cmake/EmbedFiles.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/scripts/cmake/EmbedFiles.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${source} ${header})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
