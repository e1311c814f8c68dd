# How a room becomes a library, and its tests a program.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# All flags live here. Hardening and LTO come from the release preset.
add_library(dunlin_flags INTERFACE)
target_include_directories(dunlin_flags INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(dunlin_flags INTERFACE TOML_EXCEPTIONS=0
  DUNLIN_VERSION="${PROJECT_VERSION}")
target_compile_options(dunlin_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wold-style-cast -Wno-missing-field-initializers $<$<BOOL:${DUNLIN_WERROR}>:-Werror>)

# For rooms that wait for other machines or run once: the image has a bound of 6 MB, and there their
# size counts more than their speed.
set(DUNLIN_COLD_FLAGS "" CACHE STRING "compiler flags of the rooms that are COLD")

# dunlin_room(NAME [COLD] SOURCES a.cpp b.cpp USES base sql LIBRARIES PkgConfig::X)
# One room of src/: a static library that links only the rooms it may include.
function(dunlin_room name)
  cmake_parse_arguments(room "COLD" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_library(dunlin_${name} STATIC ${room_SOURCES})
  if(room_COLD)
    target_compile_options(dunlin_${name} PRIVATE ${DUNLIN_COLD_FLAGS})
  endif()
  list(TRANSFORM room_USES PREPEND dunlin_)
  target_link_libraries(dunlin_${name} PUBLIC dunlin_flags ${room_USES} PRIVATE ${room_LIBRARIES})
  dunlin_tidy(dunlin_${name} ${room_SOURCES})
endfunction()

# The target `tidy` runs clang-tidy on every source of src/, again only when its object file is made
# again: so ninja, which knows the headers it includes, decides what has to be looked at.
add_custom_target(tidy)
find_program(CLANG_TIDY clang-tidy-19)
# A plug-in that spares it the system's headers; where its packages are missing, linting takes longer.
find_path(CLANG_INCLUDES clang-tidy/ClangTidyCheck.h PATHS /usr/lib/llvm-19/include NO_DEFAULT_PATH)
find_path(LLVM_INCLUDES llvm/ADT/StringRef.h PATHS /usr/include/llvm-19 NO_DEFAULT_PATH)
if(CLANG_TIDY AND CLANG_INCLUDES AND LLVM_INCLUDES)
  add_library(own_code MODULE EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/cmake/lint/own_code.cpp)
  target_include_directories(own_code SYSTEM PRIVATE ${CLANG_INCLUDES} ${LLVM_INCLUDES})
  target_compile_options(own_code PRIVATE -fno-rtti)  # as Debian's clang-tidy
  set_target_properties(own_code PROPERTIES CXX_STANDARD 17)
  set(dunlin_plugin_target own_code)
  set(dunlin_plugin --load=$<TARGET_FILE:own_code> --checks=dunlin-own-code)
endif()
function(dunlin_tidy target)
  if(NOT CLANG_TIDY OR CMAKE_GENERATOR MATCHES Makefiles)
    return()
  endif()
  foreach(source ${ARGN})
    set(object ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/${source}.o)
    add_custom_command(OUTPUT ${object}.tidy
      COMMAND ${CLANG_TIDY} --quiet -p ${PROJECT_BINARY_DIR} ${dunlin_plugin}
              ${CMAKE_CURRENT_SOURCE_DIR}/${source}
              2> ${object}.tidy.log  # how many warnings of other people's headers were left out
      COMMAND ${CMAKE_COMMAND} -E touch ${object}.tidy
      DEPENDS ${object} ${PROJECT_SOURCE_DIR}/.clang-tidy ${dunlin_plugin_target}
      COMMENT "Linting ${source}")
    list(APPEND stamps ${object}.tidy)
  endforeach()
  add_custom_target(${target}_tidy DEPENDS ${stamps})
  add_dependencies(tidy ${target}_tidy)
endfunction()

# dunlin_test(NAME SOURCES a_test.cpp USES support) makes the program NAME_test of the room NAME.
function(dunlin_test name)
  cmake_parse_arguments(test "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  add_executable(${name}_test ${test_SOURCES})
  list(TRANSFORM test_USES PREPEND dunlin_)
  target_include_directories(${name}_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name}_test PRIVATE ${test_USES} ${test_LIBRARIES} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name}_test)
endfunction()
