# Writes FILES as C++ string constants: see embed_files() in Targets.cmake.
file(WRITE ${HEADER} "#pragma once\n#include <string_view>\nnamespace ${NAMESPACE} {\n")
file(WRITE ${SOURCE} "#include \"${HEADER}\"\nnamespace ${NAMESPACE} {\n")
foreach(path IN LISTS FILES)
  get_filename_component(name ${path} NAME)
  string(REGEX REPLACE "[^A-Za-z0-9]" "_" name ${name})
  file(READ ${path} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  file(APPEND ${HEADER} "std::string_view ${name}();\n")
  file(APPEND ${SOURCE} "static const char ${name}_data[] = {${bytes}'\\0'};\n"
                        "std::string_view ${name}() { return {${name}_data, sizeof ${name}_data - 1}; }\n")
endforeach()
file(APPEND ${HEADER} "}  // namespace ${NAMESPACE}\n")
file(APPEND ${SOURCE} "}  // namespace ${NAMESPACE}\n")
