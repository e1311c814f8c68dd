// Prints docs/reference.md: `cmake --build build/dev --target update-reference`.
#include "cli/help.hpp"

#include <iostream>

int main() { std::cout << dunlin::reference_page(); }
