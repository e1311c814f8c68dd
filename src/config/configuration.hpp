#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/options.hpp"
#include "config/references.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// How a value came in. Together with the kind of files in use it decides with which words of
/// Flyway's a complaint begins.
enum class Source {
  command_line,
  variable,
  conf_file,
  toml_file,
  program,  ///< worked out: by the job, or by an older option
};

/// One value on its way into a Configuration.
struct Given {
  std::string key;
  std::vector<std::string> values;  ///< one text, or the items of an array
  bool is_list = false;             ///< from an array: the items are not split again
  std::string origin;               ///< "flyway.conf line 3", "variable FLYWAY_URL", "option -url"
  Source source = Source::program;
  bool is_confidential = false;  ///< shown in no message, whatever its option's type
  bool is_literal = false;       ///< what looks like a reference in it is none: it came out of one
};

/// Where every option stands, after defaults, files, variables and the command line are laid over
/// each other. Values are checked by the type of their option when they come in (or when their
/// references are resolved), so that the getters cannot fail. Asking for a key that has no row, or
/// for a value whose references are not resolved, is a bug of the caller: std::logic_error.
class Configuration {
 public:
  /// True if somebody set it; a default does not count.
  [[nodiscard]] bool has(std::string_view key) const;
  /// Who set it: "option -url"; "the default" if nobody did.
  [[nodiscard]] std::string origin(std::string_view key) const;

  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] bool boolean(std::string_view key) const;
  /// Fits into 32 bits, as Flyway's.
  [[nodiscard]] std::int32_t integer(std::string_view key) const;
  [[nodiscard]] std::chrono::seconds seconds(std::string_view key) const;
  /// Items as they stand between commas, blanks included; an empty text is one empty item, as with
  /// Flyway (-schemas= names a schema ""). The job's own lists are tidier: no blanks, no empty
  /// items.
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
  /// Empty if nobody set it. Lives as long as the Configuration.
  [[nodiscard]] const Secret& secret(std::string_view key) const;
  /// The values of KEY.name by name. Names of placeholders keep their letters as the winning layer
  /// wrote them, but differ in more than case.
  [[nodiscard]] std::map<std::string, std::string, std::less<>> map(std::string_view key) const;
  [[nodiscard]] auto placeholders() const { return map("placeholders"); }
  /// The text of an option that must be set and not empty. Error: configuration; it says which
  /// variable or option sets it.
  [[nodiscard]] Result<std::string> required(std::string_view key) const;

  /// Every ${secret:...}, ${ssm:...}, ${env:...} and ${file:...} in any value, without braces, each
  /// named once.
  [[nodiscard]] std::vector<std::string> references() const;
  /// Replaces all references, or those of some kinds ("env", "file"), and checks the values. An
  /// Error of the resolver gets the option and who set it at the front of its trail.
  Result<void> resolve(const ReferenceResolver& resolver,
                       const std::vector<std::string>& kinds = {});
  /// True while a reference stands in the option's value that nobody has resolved.
  [[nodiscard]] bool is_unresolved(std::string_view key) const;
  /// The text of a secret option as it was before its references were resolved, to resolve them
  /// anew; empty if it held none.
  [[nodiscard]] const Secret& as_written(std::string_view key) const;
  /// Calls `visit` for each value that somebody set, secrets left out, sorted by key: for -X.
  void each_value(const std::function<void(std::string_view key, std::string_view value,
                                           std::string_view origin)>& visit) const;

  /// Lays one value over what is there. Error: configuration, when the option does not take it.
  Result<void> put(Given given);
  /// As put, but what is there already wins.
  Result<void> put_below(Given given);

  /// What `key` is when nobody sets it, in the place of its option's own.
  void set_fallback(std::string key, std::string value) {
    fallbacks_.insert_or_assign(std::move(key), std::move(value));
  }

  /// What a person should know: a file that is missing, an older name.
  std::vector<std::string> warnings;
  /// What -X shows: options without effect, variables that mean nothing.
  std::vector<std::string> notes;
  /// True if settings come from .conf files; complaints then begin with other words.
  bool from_conf = false;

 private:
  struct Setting {
    std::vector<std::string> values;
    Secret secret;
    Secret written;  ///< the secret with its references
    std::string origin;
    Source source = Source::program;
    bool is_secret = false;
    bool is_array = false;
    bool is_confidential = false;  ///< a reference stood in it, for instance
    bool is_literal = false;       ///< nothing in it is a reference, or is one any more
    [[nodiscard]] bool holds_reference() const;
  };
  static Result<void> resolve_in(const Option& option, Setting& setting,
                                 const ReferenceResolver& resolver);
  [[nodiscard]] const Setting* find(std::string_view key) const;
  [[nodiscard]] std::string_view one(std::string_view key) const;
  [[nodiscard]] Result<void> check(std::string_view key, const Setting& setting) const;
  [[nodiscard]] std::string complaint(std::string_view key, const Setting& setting) const;

  std::map<std::string, Setting, std::less<>> settings_;
  std::map<std::string, std::string, std::less<>> fallbacks_;
};

/// "Failed to configure parameters: ..." or what else fits for a key that has no row or must not be
/// used, with the nearest names. Nothing is wrong: no value.
[[nodiscard]] Result<void> check_key(const Given& given, bool from_conf);

}  // namespace dunlin
