# SPDX-License-Identifier: Apache-2.0
# Installs the client library into a scratch folder, then builds and runs a program against it:
#   cmake -DBUILD=… -DSCRATCH=… -DSOURCE=… -DCXX=… -DFLAGS=… -P install.cmake
file(REMOVE_RECURSE ${SCRATCH})
set(settings -DCMAKE_PREFIX_PATH=${SCRATCH}/prefix -DCMAKE_CXX_COMPILER=${CXX}
             -DCMAKE_CXX_FLAGS=${FLAGS})
foreach(step
    "${CMAKE_COMMAND};--install;${BUILD};--component;dev;--prefix;${SCRATCH}/prefix"
    "${CMAKE_COMMAND};-G;Ninja;-S;${SOURCE};-B;${SCRATCH}/build;${settings}"
    "${CMAKE_COMMAND};--build;${SCRATCH}/build"
    "${SCRATCH}/build/consumer")
  execute_process(COMMAND ${step} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
