#pragma once

#include "base/redactor.hpp"

#include <cstdio>
#include <string>
#include <string_view>

namespace dunlin {

/// How much a person wants to read.
enum class Verbosity { quiet, normal, debug };

/// The way out for every text: standard output, standard error and the outputFile. Whatever passes
/// is cleaned of secrets.
class Output {
 public:
  /// Where lines go in the end; tests hand in strings.
  struct Sink {
    virtual ~Sink() = default;
    virtual void write(std::string_view text) = 0;
    /// What could not be written and why, as "standard output: No space left on device"; empty when
    /// all went well.
    [[nodiscard]] virtual std::string problem() const { return {}; }
  };
  enum class Color { never, always };

  Output(const Redactor& redactor, Sink& out, Sink& error) noexcept
      : redactor_(redactor), out_(out), error_(error) {}

  void set_verbosity(Verbosity verbosity) noexcept { verbosity_ = verbosity; }
  void set_color(Color color) noexcept { color_ = color; }
  /// Console lines are held back: standard output is for one JSON document.
  void set_document_mode(bool on) noexcept { document_mode_ = on; }
  /// The text as any sink gets it: with its secrets masked.
  [[nodiscard]] std::string clean(std::string_view text) const { return redactor_.clean(text); }
  /// Does a secret stand in the text, so that it would be shown with a mask?
  [[nodiscard]] bool holds_secret(std::string_view text) const {
    return redactor_.clean(text) != text;
  }
  /// Everything that goes to standard output goes there as well.
  void set_copy(Sink* copy) noexcept { copy_ = copy; }

  /// A line of the running commentary; not with -q, not beside a JSON document.
  void info(std::string_view line);
  /// Only with -X.
  void debug(std::string_view line);
  /// "WARNING: ..."
  void warn(std::string_view text);
  /// "ERROR: ..." on standard error.
  void fail(std::string_view text);
  /// A line of commentary beside what standard output is for, which goes to standard error; not
  /// with -q.
  void aside(std::string_view line);
  /// A line that somebody else wrote, as it is; not beside a JSON document.
  void line(std::string_view text);
  /// What was asked for as such (a document, the answer of `version`): always printed.
  void answer(std::string_view text);
  /// Something else than these lines could not be written: a warning on standard error, whatever
  /// the verbosity.
  /// @param problem  as Sink::problem() words it
  void lose(std::string_view problem);
  /// Has anything been lost, so that who reads only what is left is misled?
  [[nodiscard]] bool has_lost() const noexcept { return has_lost_; }

 private:
  void write(Sink& sink, std::string_view text);
  void put(Sink& sink, std::string_view cleaned);

  const Redactor& redactor_;
  Sink& out_;
  Sink& error_;
  Sink* copy_ = nullptr;
  Verbosity verbosity_ = Verbosity::normal;
  Color color_ = Color::never;
  bool document_mode_ = false;
  bool has_lost_ = false;
};

}  // namespace dunlin
