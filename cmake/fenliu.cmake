# How every target of this project is made: one warning level, one sanitizer switch, includes from the top of the tree.

set(FENLIU_SANITIZE "" CACHE STRING "Sanitizers for everything, e.g. address,undefined or thread")

add_library(fenliu_options INTERFACE)
target_include_directories(fenliu_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(fenliu_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough
  $<$<BOOL:${FENLIU_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:Clang>:-Wno-gnu-zero-variadic-macro-arguments -Wno-missing-field-initializers>
  # g++ 12 sees overlaps in std::string's operator+ that aren't there (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-missing-field-initializers -Wno-restrict>
  # Optimised, it sees reads of empty std::optional and ends of short strings that can't be reached (105562, 105329).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-stringop-overflow>)
if(FENLIU_SANITIZE)
  target_compile_options(fenliu_options INTERFACE -fsanitize=${FENLIU_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(fenliu_options INTERFACE -fsanitize=${FENLIU_SANITIZE})
  # Instrumented, g++ 12 takes members of std::function for uninitialized.
  target_compile_options(fenliu_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(FENLIU_SANITIZE MATCHES "undefined")
    # CAF 0.17 headers bind references through null pointers they never read.
    target_compile_options(fenliu_options INTERFACE -fno-sanitize=null -fno-sanitize-recover=undefined)
  endif()
endif()

if(FENLIU_FUZZ)
  # libFuzzer follows its inputs through everything.
  target_compile_options(fenliu_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# fenliu_library(NAME SOURCES... [USES target...])
function(fenliu_library name)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  add_library(fenliu_${name} STATIC ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(fenliu_${name} PUBLIC ${arg_USES} PRIVATE fenliu_options)
  target_include_directories(fenliu_${name} PUBLIC ${PROJECT_SOURCE_DIR})
endfunction()

# fenliu_program(NAME SOURCES... [USES target...])
function(fenliu_program name)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_USES} fenliu_options)
endfunction()

# fenliu_test(NAME SOURCES... [USES target...]): a GoogleTest program; ctest knows each of its tests by name.
function(fenliu_test name)
  cmake_parse_arguments(arg "" "" "USES" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_USES} GTest::gtest_main fenliu_options)
  gtest_discover_tests(${name} TEST_PREFIX "${name}." PROPERTIES TIMEOUT 120 DISCOVERY_TIMEOUT 60)
endfunction()
include(GoogleTest)
