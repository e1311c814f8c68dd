#include "cli/help.hpp"

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "config/options.hpp"

#include <algorithm>
#include <functional>
#include <vector>

namespace dunlin {
namespace {

/// What people set; older and left-out names are for the reference page.
bool is_shown(const Option& option) { return option.standing == Standing::live; }

std::string variables_of(const Option& option) {
  std::vector<std::string> names = split_list(option.variables, ' ');
  if (!is_own(option.group)) {
    const bool is_map = option.type == OptionType::map;
    names.push_back("FLYWAY_" + variable_name(option.key) + (is_map ? "_NAME" : ""));
  }
  return join(names, ", ");
}

std::string shown_key(const Option& option) {
  return std::string(option.key) + (option.type == OptionType::map ? ".NAME" : "");
}

/// Calls `row` for each shown option, `chapter` before the first of each group.
template <class Chapter, class Row>
void each_shown(Chapter chapter, Row row) {
  const Option* last = nullptr;
  for (const Option& option : options()) {
    if (!is_shown(option)) continue;
    if (last == nullptr || last->group != option.group) chapter(heading(option.group));
    row(option);
    last = &option;
  }
}

std::string options_text() {
  std::string text = "Options, as -key=value or --key value\n";
  each_shown([&](std::string_view chapter) { text += fmt::format("\n{}\n", chapter); },
             [&](const Option& option) {
               text += fmt::format("    {:<40} {}\n", shown_key(option), option.help);
             });
  return text;
}

std::string option_text(const Option& option) {
  std::string text = fmt::format("{}  ({})\n    {}\n", shown_key(option), name_of(option.type),
                                 option.help.empty() ? option.note : option.help);
  if (!option.fallback.empty()) text += fmt::format("    default    {}\n", option.fallback);
  if (!option.choices.empty()) text += fmt::format("    choices    {}\n", option.choices);
  text += fmt::format("    variable   {}\n", variables_of(option));
  if (option.place == Place::environment) text += "    in TOML    in [environments.NAME]\n";
  return text;
}

std::string escaped(std::string_view text) { return replace_all(text, "|", "\\|"); }

std::string code(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("`{}`", escaped(text));
}

std::string option_row(const Option& option) {
  const bool in_checkout = option.checkout != Checkout::no;
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", code(shown_key(option)),
                     escaped(option.help), name_of(option.type), code(option.fallback),
                     variables_of(option), in_checkout ? "yes" : "");
}

std::string reference_options() {
  std::string text;
  each_shown(
      [&](std::string_view chapter) {
        text += fmt::format(
            "\n### {}\n\n| option | what | type | default | variable | in the checkout |\n"
            "| --- | --- | --- | --- | --- | --- |\n",
            chapter);
      },
      [&](const Option& option) { text += option_row(option); });
  return text;
}

std::string_view what_happens(Standing standing) {
  switch (standing) {
    case Standing::inert:
      return "taken, without effect";
    case Standing::older:
      return "an older name; it stands for the pattern";
    case Standing::left_out:
      return "an error";
    default:
      return "";
  }
}

std::string reference_others() {
  std::string text =
      "\n## Options that do nothing here\n\n| option | setting it is | because |\n"
      "| --- | --- | --- |\n";
  for (const Option& option : options()) {
    if (is_shown(option)) continue;
    text += fmt::format("| {} | {} | {} |\n", code(shown_key(option)),
                        what_happens(option.standing), escaped(option.note));
  }
  return text;
}

std::string reference_errors() {
  std::string text =
      "\n## Errors\n\nThe exit code of a run, and the name in JSON. 0: done, or nothing to do.\n\n"
      "| exit code | name | meaning |\n| --- | --- | --- |\n";
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    const ErrorKind& kind = kind_of(static_cast<ErrorCode>(code));
    text += fmt::format("| {} | `{}` | {} |\n", kind.exit_code, kind.name, kind.meaning);
  }
  return text;
}

/// What an option may be, if that is a few words.
std::vector<std::string> values_of(const Option& option) {
  if (option.type == OptionType::boolean) return {"true", "false"};
  return split_list(option.choices, ' ');
}

/// What a command line may begin with: commands of one word, and families.
std::vector<std::string> first_words() {
  std::vector<std::string> words;
  for (const CommandRow& command : commands()) {
    if (command.left_out.empty() && !command.name.contains(' ')) words.emplace_back(command.name);
  }
  return words;
}

/// `each` of every family, with the word that its sub-commands follow and their own words between
/// blanks: "fargate", "template".
std::string each_family(
    const std::function<std::string(std::string_view family, std::string_view words)>& each) {
  std::string text;
  for (const CommandRow& command : commands()) {
    std::vector<std::string> words;
    for (const CommandRow& below : commands_below(command.name)) {
      words.emplace_back(below.name.substr(command.name.size() + 1));
    }
    const auto last_word = command.name.substr(command.name.rfind(' ') + 1);
    if (!words.empty()) text += each(last_word, join(words, " "));
  }
  return text;
}

/// A list of commands, each on a line with its help.
std::string command_lines(const std::vector<CommandRow>& rows) {
  std::size_t width = 0;
  for (const CommandRow& row : rows) width = std::max(width, row.name.size());
  std::string text;
  for (const CommandRow& row : rows) {
    text += fmt::format("    {:<{}}   {}\n", row.name, width, row.help);
  }
  return text;
}

/// All words that can be completed: commands, then options as Flyway writes them, with their values
/// where only some are allowed.
std::string completion_words() {
  std::vector<std::string> words = first_words();
  for (const Option& option : options()) {
    if (!is_shown(option)) continue;
    const std::string end = option.type == OptionType::map ? "." : "=";
    const auto values = values_of(option);
    for (const std::string& value : values)
      words.push_back(fmt::format("-{}={}", option.key, value));
    if (values.empty()) words.push_back('-' + std::string(option.key) + end);
  }
  return join(words, " ");
}

/// The option that a word of the user's may mean: its key, also of a map ("placeholders"), or its
/// variable ("FLYWAY_URL").
const Option* option_named(std::string_view word) {
  const auto key = std::ranges::find(options(), word, &Option::key);
  if (key != options().end()) return &*key;
  constexpr std::string_view prefix = "FLYWAY_";
  if (!word.starts_with(prefix)) return find_option(word);
  const auto variable = key_of_variable(word.substr(prefix.size()));
  return variable ? find_option(*variable) : nullptr;
}

}  // namespace

std::string usage_text() {
  std::string text =
      "Usage\n    dunlin [options] [command ...]\n    dunlin run [branch]\n"
      "    dunlin help [command | option | options]\n\nCommands\n";
  text += command_lines(callable_commands());
  text += "\nFlags\n";
  for (const FlagRow& flag : flags()) {
    text += fmt::format("    {:<20} {}\n", replace_all(flag.names, " ", ", "), flag.help);
  }
  text += "\n" + options_text();
  text += "\nExample\n    dunlin -url=jdbc:sqlite:app.db -locations=filesystem:sql info migrate\n";
  return text;
}

Result<std::string> help_text(std::string_view topic) {
  if (topic.empty()) return usage_text();
  if (topic == "options") return options_text();
  const Option* const option = option_named(topic);
  const CommandRow* const command = find_command(topic);
  // Some options have the name of a command that is left out.
  if (command != nullptr && (command->left_out.empty() || option == nullptr)) {
    if (!command->left_out.empty()) {
      return fmt::format("{} is left out of dunlin: {}\n", topic, command->left_out);
    }
    const std::string more(command->more);
    const std::string below = command_lines(commands_below(topic));
    return fmt::format("{}\n    {}\n{}{}", command->name, command->help,
                       more.empty() ? "" : "\n" + more + "\n", below.empty() ? "" : "\n" + below);
  }
  if (option != nullptr) return option_text(*option);
  const auto near = near_commands(topic);
  const auto near_keys = near_options(topic);
  std::vector<std::string> words = near;
  words.insert(words.end(), near_keys.begin(), near_keys.end());
  return Error{.code = ErrorCode::usage,
               .message = fmt::format("Invalid flag: {}", topic),
               .hint = words.empty() ? "`dunlin help` lists commands and options"
                                     : "did you mean " + join(words, ", ") + "?"};
}

std::string reference_page() {
  std::string text =
      "# Reference\n\nMade from the program's own tables; do not edit. "
      "How files, variables and the command line fit together: [configuration](configuration.md)."
      "\n\n## Commands\n\n| command | what it does |\n| --- | --- |\n";
  for (const CommandRow& command : callable_commands()) {
    const std::string operand = command.operand.empty() ? "" : " " + std::string(command.operand);
    text += fmt::format("| `{}{}` | {} |\n", command.name, operand, escaped(command.help));
  }
  text += "\n## Flags\n\n| flag | what it does |\n| --- | --- |\n";
  for (const FlagRow& flag : flags()) {
    text += fmt::format("| `{}` | {} |\n", replace_all(flag.names, " ", "`, `"), flag.help);
  }
  text += "\n## Options\n";
  return text + reference_options() + reference_others() + reference_errors();
}

Result<std::string> completion(std::string_view shell) {
  const std::string words = completion_words();
  if (shell == "bash") {
    return fmt::format(
        // bash takes = for the end of a word
        "_dunlin() {{\n  local words='{}' line=\"${{COMP_LINE:0:COMP_POINT}}\"\n"
        "  local word=\"${{line##*[[:space:]]}}\"\n"
        "  case \"${{line%\"$word\"}}\" in\n{}  esac\n"
        "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "  [[ $word == *=* && $COMP_WORDBREAKS == *=* ]] &&\n"
        "    COMPREPLY=(\"${{COMPREPLY[@]#\"${{word%%=*}}=\"}}\")\n"
        "  [[ ${{COMPREPLY[0]-}} == *[=.] ]] && compopt -o nospace\n}}\n"
        "complete -F _dunlin dunlin\n",
        words, each_family([](auto family, auto below) {
          return fmt::format("    *[[:space:]]{}[[:space:]]) words='{}' ;;\n", family, below);
        }));
  }
  if (shell == "zsh") {
    return fmt::format(
        "#compdef dunlin\n_dunlin() {{\n  case $words[CURRENT-1] in\n{}"
        "    *) compadd -S '' -- {} ;;\n  esac\n}}\ncompdef _dunlin dunlin\n",
        each_family([](auto family, auto below) {
          return fmt::format("    {}) compadd -- {} ;;\n", family, below);
        }),
        words);
  }
  if (shell == "fish") {
    return fmt::format(
        "complete -c dunlin -f -a '{}'\n{}", words, each_family([](auto family, auto below) {
          return fmt::format("complete -c dunlin -f -n '__fish_seen_subcommand_from {}' -a '{}'\n",
                             family, below);
        }));
  }
  return Error{.code = ErrorCode::usage,
               .message = fmt::format("no completion for shell \"{}\"", shell),
               .hint = "write dunlin completion bash, zsh or fish"};
}

}  // namespace dunlin
