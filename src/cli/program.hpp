#pragma once

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "base/terminal.hpp"
#include "report/output.hpp"

#include <span>
#include <string>

namespace dunlin {

/// Everything outside the process that a call touches.
struct World {
  Environment environment;
  Interrupt& interrupt;
  Output::Sink& out;
  Output::Sink& error;
  std::string working_directory;
  bool out_is_terminal = false;
  Ask ask = [](std::string_view) { return std::nullopt; };
};

/// Runs one command line. Never throws for what can go wrong in the world.
/// @param words  without the program's name
/// @returns the exit code
int run_program(std::span<const std::string> words, const World& world);

}  // namespace dunlin
