// A situation of scripts and history in a few letters, so that a rule fits into a row of a table.
#pragma once

#include "base/text.hpp"
#include "migration/info.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dunlin {

/// "V1__a" is V1__a.sql; "V1__a=7" has the checksum 7 (else 1); "V1__a~" is not to be executed.
inline Script script_of(std::string text) {
  Script script{.checksum = 1};
  if (text.ends_with('~')) {
    script.should_execute = false;
    text.pop_back();
  }
  if (const auto equals = text.find('='); equals != std::string::npos) {
    script.checksum = std::stoi(text.substr(equals + 1));
    text.resize(equals);
  }
  script.name = text + ".sql";
  script.shown = script.located = "sql/" + script.name;
  const auto parsed = parse_script_name(script.name);
  const auto* const name = std::get_if<MigrationName>(&parsed);
  if (name == nullptr) {
    ADD_FAILURE() << script.name << " is no name of a migration";
    return script;
  }
  script.kind = name->kind;
  script.version = name->version;
  script.description = name->description;
  return script;
}

/// "V1__a V2__b=7 R__r", in any order.
inline std::vector<Script> scripts_of(std::string_view text) {
  std::vector<Script> scripts;
  for (const std::string& each : split_list(text, ' ')) scripts.push_back(script_of(each));
  auto ordered = in_order(std::move(scripts));
  EXPECT_TRUE(ordered) << text;
  return ordered ? *std::move(ordered) : std::vector<Script>{};
}

/// "2 b =7 failed": version (or -) and description of a row of type SQL with the checksum 1, as
/// long as nothing else is said. A word in capitals is its type.
inline HistoryRow row_of(std::string_view text) {
  HistoryRow row{.type = "SQL", .checksum = 1};
  std::vector<std::string> words = split_list(text, ' ');
  if (words.at(0) != "-") row.version = words[0];
  row.description = words.at(1);
  for (const std::string& word : std::vector(words.begin() + 2, words.end())) {
    if (word == "failed") {
      row.success = false;
    } else if (word == "=null") {
      row.checksum.reset();
    } else if (word.starts_with('=')) {
      row.checksum = std::stoi(word.substr(1));
    } else {
      row.type = word;
    }
  }
  row.script = row.version ? "V" + *row.version + "__" + row.description + ".sql"
                           : "R__" + row.description + ".sql";
  if (row.type == "BASELINE" || row.type == "SCHEMA") row.checksum.reset();
  return row;
}

/// "1 a, 2 b failed, - r": rows whose ranks count from 1.
inline std::vector<HistoryRow> history_of(std::string_view text) {
  std::vector<HistoryRow> rows;
  for (const std::string& each : split_list(text, ',')) {
    rows.push_back(row_of(each));
    rows.back().installed_rank = static_cast<std::int32_t>(rows.size());
  }
  return rows;
}

/// "target=2 outOfOrder pick=3,r"
inline InfoOptions info_options_of(std::string_view text) {
  InfoOptions options;
  for (const std::string& word : split_list(text, ' ')) {
    const std::string value = word.substr(word.find('=') + 1);
    if (word.starts_with("target=")) {
      auto target = Target::parse(value);
      EXPECT_TRUE(target) << word;
      if (target) options.target = *std::move(target);
    } else if (word.starts_with("pick=")) {
      options.cherry_pick = split_list(value, ',');
    } else {
      EXPECT_EQ(word, "outOfOrder");
      options.out_of_order = true;
    }
  }
  return options;
}

/// Scripts and history with what info() makes of them.
struct Situation {
  std::vector<Script> scripts;
  std::vector<HistoryRow> history;
  Info info;
};

inline Situation situation(std::string_view scripts, std::string_view history,
                           std::string_view options = "") {
  Situation result{.scripts = scripts_of(scripts), .history = history_of(history), .info = {}};
  result.info = info(result.scripts, result.history, info_options_of(options));
  return result;
}

/// "1", or "r" for a repeatable.
inline std::string label(const InfoRow& row) {
  return row.version ? row.version->text() : row.description();
}

}  // namespace dunlin
