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
Error invalid(std::string_view word) {
  std::string hint = "`dunlin help` lists commands and options";
  if (word.starts_with('-')) {
    const auto near = near_options(word.substr(word.find_first_not_of('-') % (word.size() + 1)));
    if (!near.empty()) hint = fmt::format("write -{}=...", near.front());
  } else if (const auto near = near_commands(word); !near.empty()) {
    hint = "did you mean " + join(near, ", ") + "?";
  }
  return usage(fmt::format("Invalid flag: {}", word), std::move(hint));
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
    if (commands.size() > 1 && std::ranges::count(commands, "tunnel") > 0) {
      return usage("tunnel stands alone, without other commands",
                   "the other commands open a tunnel by themselves where sshTunnel is set");
    }
    if (commands.size() > 1 && std::ranges::count(commands, "docs") > 0) {
      return usage("docs stands alone, without other commands",
                   "write dunlin migrate && dunlin docs");
    }
    if (commands.size() > 1 && std::ranges::count(commands, "run") > 0) {
      return usage("run stands alone, without other commands",
                   "run does info, migrate and info by itself");
    }
    return {};
  }

  bool is_flag(std::string_view word) {
    if (word == "-h" || word == "-?" || word == "--help") {
      ask(Asks::help);
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

  Result<void> command(const std::string& word) {
    const std::string& last = result_.commands.empty() ? word : result_.commands.back();
    if (last == "run" && word != last && !result_.branch) {
      result_.branch = word;
      return {};
    }
    if (last == "run" && word != last) {
      return usage(fmt::format("run takes one branch: {} is one too many", word),
                   "run does info, migrate and info by itself; options begin with a dash");
    }
    const CommandRow* const row = find_command(word);
    if (row == nullptr) return invalid(word);
    if (!row->left_out.empty()) {
      return usage(fmt::format("{} is left out of dunlin: {}", word, row->left_out),
                   "`dunlin help` lists what there is");
    }
    if (word == "help") {
      ask(Asks::help);
      result_.help_topic = operand().value_or("");
    } else if (word == "completion") {
      ask(Asks::completion);
      result_.shell = operand().value_or("");
    } else if (word == "version") {
      ask(Asks::version);
    } else {
      result_.commands.push_back(word);
    }
    return {};
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
