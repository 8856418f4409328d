# For SSMC_STATIC: the same targets with archives in place of shared libraries. Only the link differs, so what is shipped is made of the
# very objects that are tested, and the compiler cache of the tests serves it too.
set(no_archive "SSMC_STATIC needs the packages of Debian 12 (scripts/setup.sh package)")

# archive(<target> <file>): links <file> wherever <target>, an imported library, is used.
function(archive target file)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL INTERFACE_LIBRARY)  # pkg-config's: a list of files
    get_target_property(libraries ${target} INTERFACE_LINK_LIBRARIES)
    string(REGEX REPLACE "[^;]*\\.so" "${file}" libraries "${libraries}")
    set_target_properties(${target} PROPERTIES INTERFACE_LINK_LIBRARIES "${libraries}")
    return()
  endif()
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${file})
  get_target_property(configurations ${target} IMPORTED_CONFIGURATIONS)
  if(configurations)
    foreach(configuration IN LISTS configurations)
      set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} ${file})
    endforeach()
  endif()
endfunction()

# packaged(<target> <name>): the archive that the -dev package has beside its shared library.
function(packaged target name)
  find_library(SSMC_ARCHIVE_${name} lib${name}.a)
  mark_as_advanced(SSMC_ARCHIVE_${name})
  if(NOT SSMC_ARCHIVE_${name})
    message(FATAL_ERROR "there is no lib${name}.a: ${no_archive}")
  endif()
  archive(${target} ${SSMC_ARCHIVE_${name}})
endfunction()

# compiled(<target> <name> <version> <url> <hash> <source>...): an archive of the library's sources, for packages that have none. They are
# the sources of the very version that is installed, so that the installed headers are right.
function(compiled target name version url hash)
  if(NOT ${name}_VERSION VERSION_EQUAL version)
    message(FATAL_ERROR "${name} is ${${name}_VERSION}, not ${version}: ${no_archive}")
  endif()
  FetchContent_Declare(${name}_source URL ${url} URL_HASH SHA256=${hash} DOWNLOAD_EXTRACT_TIMESTAMP OFF)
  FetchContent_Populate(${name}_source)  # without its CMakeLists.txt, which would get our warnings
  list(TRANSFORM ARGN PREPEND ${${name}_source_SOURCE_DIR}/)
  add_library(${name}_archive STATIC ${ARGN})
  target_include_directories(${name}_archive PRIVATE ${${name}_source_SOURCE_DIR}/src)
  target_compile_options(${name}_archive PRIVATE -w)
  set_target_properties(${name}_archive PROPERTIES UNITY_BUILD OFF)
  archive(${target} ${CMAKE_CURRENT_BINARY_DIR}/lib${name}_archive.a)
  add_dependencies(${target} ${name}_archive)
endfunction()

include(FetchContent)
set(pool https://deb.debian.org/debian/pool/main)
compiled(fmt::fmt fmt 9.1.0 ${pool}/f/fmtlib/fmtlib_9.1.0+ds1.orig.tar.gz
  84ce1c2d0be3a9863935137969dcec6970125caac032f82474640bfc81463583 src/format.cc src/os.cc)
compiled(simdjson::simdjson simdjson 3.0.1 ${pool}/s/simdjson/simdjson_3.0.1.orig.tar.gz
  156b1bc5eb0561b2bd166b46d191fd3d95a3e709cc63761477d3b7aec2b6e9ed singleheader/simdjson.cpp)
packaged(Boost::url boost_url)
packaged(pugixml::shared pugixml)
packaged(PkgConfig::RE2 re2)
packaged(PkgConfig::YAML_CPP yaml-cpp)
packaged(OpenSSL::Crypto crypto)
packaged(OpenSSL::SSL ssl)
packaged(ZLIB::ZLIB z)
set(CMAKE_SKIP_RPATH ON)  # CMake takes the archives for shared libraries
add_link_options(-static-libstdc++ -static-libgcc)
