// A parser of its own: CLI11 knows neither `-key=value` with keys of any length after one dash nor
// keys that are not named beforehand (placeholders.NAME), and these are most of Flyway's syntax.
#include "cli/arguments.hpp"

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "config/options.hpp"

#include <algorithm>

namespace dunlin {
namespace {

Error usage(std::string message, std::string hint) {
  return {.code = ErrorCode::usage, .message = std::move(message), .hint = std::move(hint)};
}

/// Flyway's words for an argument that means nothing.
/// @param word  an option, a command, or a family with a sub-command that it has not
Error invalid(std::string_view word) {
  std::string hint = "`dunlin help` lists commands and options";
  if (const auto blank = word.rfind(' '); blank != std::string_view::npos) {
    hint = fmt::format("`dunlin help {}` lists what there is", word.substr(0, blank));
  }
  if (word.starts_with('-')) {
    const auto near = near_options(word.substr(word.find_first_not_of('-') % (word.size() + 1)));
    if (!near.empty()) hint = fmt::format("write -{}=...", near.front());
  } else if (const auto near = near_commands(word); !near.empty()) {
    hint = "did you mean " + join(near, ", ") + "?";
  }
  return usage(fmt::format("Invalid flag: {}", word), std::move(hint));
}

/// "branch" of "[branch]", "name" of "NAME".
std::string shown_operand(const CommandRow& row) {
  const std::string_view name = row.operand.substr(0, row.operand.find(' '));
  return lower(name.starts_with('[') ? name.substr(1, name.size() - 2) : name);
}

class Parser {
 public:
  explicit Parser(std::span<const std::string> words) : words_(words) {}

  Result<Arguments> parse() {
    while (next_ < words_.size()) {
      const std::string& word = words_[next_++];
      if (word.empty() || is_flag(word)) continue;
      if (word.starts_with("--")) {
        DUNLIN_TRY(long_option(word));
      } else if (word.starts_with('-')) {
        DUNLIN_TRY(short_option(word));
      } else {
        DUNLIN_TRY(command(word));
      }
    }
    DUNLIN_TRY(check_company());
    return std::move(result_);
  }

 private:
  /// A question that is answered instead of the work. Of several the highest counts.
  void ask(Asks what) { result_.asks = std::max(result_.asks, what); }

  /// What cannot stand beside other commands: a line that cannot mean what it says does nothing.
  Result<void> check_company() const {
    const auto& commands = result_.commands;
    if (result_.asks == Asks::completion && !commands.empty()) {
      return usage("completion stands alone, without other commands",
                   "write dunlin completion bash");
    }
    for (const std::string& name : commands) {
      const std::string_view alone = find_command(name)->alone;
      if (alone.empty() || commands.size() == 1) continue;
      return usage(fmt::format("{} stands alone, without other commands", name),
                   std::string(alone));
    }
    if (result_.asks != Asks::nothing) return {};
    if (!result_.family.empty() && !commands.empty()) {
      return usage(fmt::format("{} needs a word behind it that says what to do", result_.family),
                   fmt::format("`dunlin help {}` lists what there is", result_.family));
    }
    return check_operand();
  }

  Result<void> check_operand() const {
    if (result_.commands.empty() || result_.operand) return {};
    const CommandRow& row = *find_command(result_.commands.back());
    if (row.operand.empty() || row.operand.starts_with('[')) return {};
    return usage(fmt::format("{} needs a {}", row.name, shown_operand(row)),
                 fmt::format("write dunlin {} {}", row.name, row.operand));
  }

  bool is_flag(std::string_view word) {
    if (word == "-h" || word == "-?" || word == "--help") {
      ask(Asks::help);
      if (result_.help_topic.empty()) result_.help_topic = result_.family;
      if (result_.help_topic.empty() && !result_.commands.empty()) {
        result_.help_topic = result_.commands.back();
      }
    } else if (word == "-v" || word == "--version") {
      ask(Asks::version);
    } else if (word == "-X") {
      result_.verbosity = Verbosity::debug;
    } else if (word == "-q") {
      result_.verbosity = Verbosity::quiet;
    } else if (word == "-migrationIds") {
      result_.migration_ids = true;
    } else {
      return word == "-skipCheckForUpdate" || word == "-communityFallback";
    }
    return true;
  }

  Result<void> short_option(std::string_view word) {
    const auto equals = word.find('=');
    if (equals == std::string_view::npos) return invalid(word);
    if (equals == 1) {
      return usage(fmt::format("Unable to parse command line params. {} has no name", word),
                   "write -key=value");
    }
    result_.options.emplace_back(word.substr(1, equals - 1), word.substr(equals + 1));
    return {};
  }

  Result<void> long_option(std::string_view word) {
    if (const auto equals = word.find('='); equals != std::string_view::npos) {
      const auto key = word.substr(2, equals - 2);
      return usage(fmt::format("Failed to configure parameters: --{} takes its value as a word of "
                               "its own",
                               key),
                   fmt::format("write -{}=value or --{} value", key_of_dashes(key), key));
    }
    const std::string key = key_of_dashes(word.substr(2));
    const Option* const option = find_option(key);
    if (option == nullptr) return invalid(word);
    if (option->type == OptionType::boolean && !is_truth_next()) {
      result_.options.emplace_back(key, "true");
      return {};
    }
    if (next_ == words_.size()) {
      return usage(fmt::format("option {} has no value", word),
                   fmt::format("write {} value", word));
    }
    result_.options.emplace_back(key, words_[next_++]);
    return {};
  }

  [[nodiscard]] bool is_truth_next() const {
    return next_ < words_.size() && (equals_ignoring_case(words_[next_], "true") ||
                                     equals_ignoring_case(words_[next_], "false"));
  }

  /// The next word, when it is neither an option nor missing.
  std::optional<std::string> operand() {
    if (next_ == words_.size() || words_[next_].empty() || words_[next_].starts_with('-')) {
      return std::nullopt;
    }
    return words_[next_++];
  }

  /// A word that is no option: the operand of the last command, a command, or a part of one.
  Result<void> command(const std::string& word) {
    if (result_.family.empty() && !result_.commands.empty()) {
      const CommandRow& last = *find_command(result_.commands.back());
      if (!last.operand.empty()) return take_operand(last, word);
    }
    const std::string name = result_.family.empty() ? word : result_.family + ' ' + word;
    const CommandRow* const row = find_command(name);
    if (row == nullptr) return invalid(name);
    if (!row->left_out.empty()) {
      return usage(fmt::format("{} is left out of dunlin: {}", word, row->left_out),
                   "`dunlin help` lists what there is");
    }
    result_.family = is_family(name) ? name : std::string();
    if (name == "help") {
      ask(Asks::help);
      result_.help_topic = topic();
    } else if (name == "completion") {
      ask(Asks::completion);
      result_.shell = operand().value_or("");
    } else if (name == "version") {
      ask(Asks::version);
    } else if (result_.family.empty()) {
      result_.commands.push_back(name);
    }
    return {};
  }

  Result<void> take_operand(const CommandRow& row, const std::string& word) {
    const std::size_t most = split_list(row.operand, ' ').size();
    if (result_.operands.size() == most) {
      const std::string taken =
          most == 1 ? "one " + shown_operand(row) : fmt::format("{} words at most", most);
      return usage(fmt::format("{} takes {}: {} is one too many", row.name, taken, word),
                   row.alone.empty() ? "options begin with a dash"
                                     : fmt::format("{}; options begin with a dash", row.alone));
    }
    if (!result_.operand) result_.operand = word;
    result_.operands.push_back(word);
    return {};
  }

  /// What help is asked on: one word, or those of a sub-command.
  std::string topic() {
    std::string name = operand().value_or("");
    while (is_family(name)) {
      const auto next = operand();
      if (!next) break;
      name += ' ' + *next;
    }
    return name;
  }

  std::span<const std::string> words_;
  std::size_t next_ = 0;
  Arguments result_;
};

}  // namespace

Result<Arguments> parse_arguments(std::span<const std::string> words) {
  return Parser(words).parse();
}

bool asks_for_json(std::span<const std::string> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_long =
        words[i].starts_with("--") && key_of_dashes(words[i].substr(2)) == "outputType";
    if (words[i] == "-outputType=json") return true;
    if (is_long && i + 1 < words.size() && words[i + 1] == "json") return true;
  }
  return false;
}

}  // namespace dunlin
