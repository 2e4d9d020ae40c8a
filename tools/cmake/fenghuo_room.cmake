# SPDX-License-Identifier: Apache-2.0
# A room = a folder = a static library = a namespace.
#
#   fenghuo_room(core DEPENDS fenghuo_base fenghuo_proto)
#
# makes the library fenghuo_core of all .cpp files directly in this folder.
set(FENGHUO_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    -Wnon-virtual-dtor -Wold-style-cast)
# A warning stops who writes code, not who builds a release: optimisers warn of what is not there.
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND FENGHUO_WARNINGS -Werror)
endif()

# What nearly every file reads, parsed once. A release is built without, so no file may lean on it.
function(fenghuo_precompiled target)
  if(FENGHUO_PRECOMPILE AND TARGET fenghuo_precompiled)
    target_precompile_headers(${target} REUSE_FROM fenghuo_precompiled)
    target_link_libraries(${target} PRIVATE fenghuo_proto)
  endif()
endfunction()

function(fenghuo_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(fenghuo_${name} STATIC ${sources})
    target_compile_options(fenghuo_${name} PRIVATE ${FENGHUO_WARNINGS})
    target_include_directories(fenghuo_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    target_link_libraries(fenghuo_${name} PUBLIC ${ROOM_DEPENDS} PRIVATE ${ROOM_PRIVATE})
    fenghuo_precompiled(fenghuo_${name})
  else()
    add_library(fenghuo_${name} INTERFACE)
    target_include_directories(fenghuo_${name} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    target_link_libraries(fenghuo_${name} INTERFACE ${ROOM_DEPENDS})
  endif()
endfunction()

# A program, installed as part of a component (hub, unless said), or one that STAYS in the build:
#
#   fenghuo_program(fenghuo-hub SOURCES main.cpp DEPENDS fenghuo_net [COMPONENT client] [STAYS])
function(fenghuo_program name)
  cmake_parse_arguments(PROGRAM "STAYS" "COMPONENT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT PROGRAM_COMPONENT)
    set(PROGRAM_COMPONENT hub)
  endif()
  add_executable(${name} ${PROGRAM_SOURCES})
  target_compile_options(${name} PRIVATE ${FENGHUO_WARNINGS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${PROGRAM_DEPENDS})
  fenghuo_precompiled(${name})
  if(NOT PROGRAM_STAYS)
    install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
            COMPONENT ${PROGRAM_COMPONENT})
  endif()
endfunction()

# A test program of all .cpp files directly in this folder, registered test by test:
#
#   fenghuo_test(unit_core DEPENDS fenghuo_core [LABELS unit])
function(fenghuo_test name)
  cmake_parse_arguments(TEST "" "" "DEPENDS;LABELS;SOURCES" ${ARGN})
  if(NOT TEST_SOURCES)
    file(GLOB TEST_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  endif()
  if(NOT TEST_SOURCES)
    return()
  endif()
  add_executable(test_${name} ${TEST_SOURCES})
  target_compile_options(test_${name} PRIVATE ${FENGHUO_WARNINGS})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(test_${name} PRIVATE ${TEST_DEPENDS} GTest::gmock GTest::gtest_main)
  fenghuo_precompiled(test_${name})
  gtest_discover_tests(test_${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 300)
endfunction()
include(GoogleTest)
include(GNUInstallDirs)
