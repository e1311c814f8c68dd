#include "report/error_text.hpp"

#include "base/text.hpp"

namespace dunlin {

std::string headline(const Error& error) {
  if (error.sqlstate.empty()) return error.message;
  return fmt::format("{} (SQLSTATE {})", error.message, error.sqlstate);
}

std::string error_text(const Error& error) {
  std::string text = headline(error);
  if (!error.trail.empty()) text += fmt::format("\n  at {}", join(error.trail, ", "));
  if (!error.excerpt.empty()) text += fmt::format("\n{}", error.excerpt);
  if (!error.hint.empty()) text += fmt::format("\n-> {}", error.hint);
  return text;
}

}  // namespace dunlin
