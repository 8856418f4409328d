# What scripts/package.sh puts into the archive and the Debian package (CPack). It writes PACKAGE_SHARE first: the man page, the
# completions, and the licences of the libraries that are linked statically.
set(PACKAGE_SHARE ${CMAKE_BINARY_DIR}/package-share)
if(SSMC_STATIC)
  target_sources(ssm-conformance PRIVATE ${CMAKE_SOURCE_DIR}/scripts/package/arc4random.cc)
endif()
install(TARGETS ssm-conformance RUNTIME DESTINATION bin)
install(DIRECTORY ${PACKAGE_SHARE}/ DESTINATION share OPTIONAL)

set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_SOURCE_DIR}/build/dist)
set(CPACK_PACKAGE_CONTACT "ssm-conformance authors <noreply@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "referee for endpoints that speak the AWS Systems Manager API")
set(CPACK_PACKAGE_DESCRIPTION "Sends valid and malformed requests to any endpoint that speaks the AWS Systems Manager (SSM) API, and judges each answer against the documentation and the protocol.")
set(CPACK_PACKAGE_FILE_NAME ${PROJECT_NAME}-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)  # for endpoints behind TLS
include(CPack)
