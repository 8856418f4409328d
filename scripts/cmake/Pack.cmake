# collect(<target> <function> <type> <header> <file>...)
#   Compiles `<type> conformance::ssm::<function>()` into <target>: what the files define, one after the other. Each file of a
#   family's folder, queues/faults_names.cc say, defines `<type> conformance::ssm::queues::faults_names()`. So a new file
#   needs no list but the folder that it is in. <header> declares the function.
function(collect target function type header)
  set(declarations "")
  set(calls "")
  foreach(path IN LISTS ARGN)
    get_filename_component(name ${path} NAME_WE)
    get_filename_component(family ${path} DIRECTORY)
    get_filename_component(family ${family} NAME)
    string(APPEND declarations "namespace conformance::ssm::${family} {\n${type} ${name}();\n}\n")
    string(APPEND calls "  for (auto& one : ${family}::${name}()) all.push_back(std::move(one));\n")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${function}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT
    "#include <utility>\n#include \"${header}\"\n${declarations}namespace conformance::ssm {\n${type} ${function}() {\n  ${type} all;\n${calls}  return all;\n}\n}  // namespace conformance::ssm\n")
  target_sources(${target} PRIVATE ${source})
endfunction()

# family_files(<variable> <pattern>...): the pack's files of these names, tests and what tests share excepted.
function(family_files variable)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/*/)
  file(GLOB files CONFIGURE_DEPENDS ${ARGN})
  list(FILTER files EXCLUDE REGEX "_test\\.cc$|_test_support\\.cc$")
  set(${variable} ${files} PARENT_SCOPE)
endfunction()
