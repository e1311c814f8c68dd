#include "report/output.hpp"

#include "base/text.hpp"

namespace dunlin {
namespace {

constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kGrey = "\x1b[90m";
constexpr std::string_view kPlain = "\x1b[m";

std::string painted(std::string_view text, std::string_view color, bool on) {
  return on ? fmt::format("{}{}{}\n", color, text, kPlain) : fmt::format("{}\n", text);
}

}  // namespace

void Output::write(Sink& sink, std::string_view text) {
  const std::string cleaned = redactor_.clean(text);
  put(sink, cleaned);
  if (copy_ != nullptr && &sink == &out_) put(*copy_, cleaned);
}

/// Complains once: what failed is likely to fail with every line.
void Output::put(Sink& sink, std::string_view cleaned) {
  const bool was_well = sink.problem().empty();
  sink.write(cleaned);
  if (was_well && !sink.problem().empty()) lose(sink.problem());
}

void Output::lose(std::string_view problem) {
  has_lost_ = true;
  error_.write(painted(redactor_.clean(fmt::format("WARNING: cannot write {}", problem)), kYellow,
                       color_ == Color::always));
}

void Output::info(std::string_view line) {
  if (verbosity_ == Verbosity::quiet || document_mode_) return;
  write(out_, fmt::format("{}\n", line));
}

void Output::debug(std::string_view line) {
  if (verbosity_ != Verbosity::debug || document_mode_) return;
  write(out_, painted(fmt::format("DEBUG: {}", line), kGrey, color_ == Color::always));
}

void Output::warn(std::string_view text) {
  if (document_mode_) return;
  write(out_, painted(fmt::format("WARNING: {}", text), kYellow, color_ == Color::always));
}

void Output::fail(std::string_view text) {
  if (document_mode_) return;
  write(error_, painted(fmt::format("ERROR: {}", text), kRed, color_ == Color::always));
}

void Output::aside(std::string_view line) {
  if (verbosity_ != Verbosity::quiet) write(error_, fmt::format("{}\n", line));
}

void Output::line(std::string_view text) {
  if (!document_mode_) write(out_, fmt::format("{}\n", text));
}

void Output::answer(std::string_view text) { write(out_, text); }

}  // namespace dunlin
