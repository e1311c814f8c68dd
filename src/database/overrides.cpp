#include "database/overrides.hpp"

namespace dunlin {

Note note_of(const ErrorOverride& entry, const Said& said) {
  const auto level = entry.severity == Severity::debug  ? Note::Level::debug
                     : entry.severity == Severity::info ? Note::Level::info
                                                        : Note::Level::warning;
  return {.level = level, .text = shown_text(entry, said)};
}

}  // namespace dunlin
