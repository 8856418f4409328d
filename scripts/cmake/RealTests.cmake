# Tests with clients and endpoints that other people wrote: label `real`. They need build/venv, which scripts/test.sh makes,
# and are skipped without it.
function(real_test name script)
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/scripts/in_venv.sh ${CMAKE_SOURCE_DIR}/scripts/${script} ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS real SKIP_RETURN_CODE 77 TIMEOUT 900)
endfunction()

real_test(real_spawn check_with_others.py --tool $<TARGET_FILE:ssm-conformance> spawn)
real_test(real_clients check_with_others.py --tool $<TARGET_FILE:ssm-conformance> clients)
real_test(real_sigv4 check_sigv4.py --tool $<TARGET_FILE:sigv4_tool>)
