// Who may include whom, held as data and read off every #include of src/: a rule that nothing
// checks drifts. Also that headers of C libraries stay in their folder, and that every source is
// listed in a CMakeLists.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path source = DUNLIN_SOURCE_DIR;

// Besides itself and base/, a room includes only what its row names. cli/ sees every room.
const std::map<std::string, std::set<std::string>> may_include = {
    {"base", {}},
    {"sql", {}},
    {"ssh", {}},
    {"http", {}},
    {"migration", {"sql"}},
    {"database", {"migration"}},
    {"history", {"migration", "database"}},
    {"lint", {"sql", "migration"}},
    {"snapshot", {"aws", "database"}},
    {"git", {"ssh", "http"}},
    {"source", {"git"}},
    {"config", {"migration"}},
    {"aws", {"http"}},
    {"secrets", {"aws", "http"}},
    {"engine", {"migration", "database", "history", "source"}},
    {"report", {"migration", "engine"}},
    {"job", {"config", "secrets", "source", "ssh", "database", "engine", "report", "snapshot"}},
    {"docs", {"database", "report"}},
    {"fargate", {"aws", "config", "report"}},
    {"main.cpp", {"cli"}},
};

struct Wall {
  const char* header;  // a header, or the beginning of its name
  const char* folder;  // the only one whose sources include it
};
constexpr Wall walls[] = {
    {"libpq-fe.h", "database/postgresql/"},
    {"sqlite3.h", "database/sqlite/"},
    {"libssh/", "ssh/"},
    {"curl/", "http/"},
    {"expat.h", "aws/"},
    {"toml++/", "base/"},
    {"fmt/core.h", "base/text.hpp"},
    {"fmt/format", "base/format.cpp"},
    {"CLI/", "cli/"},
};

struct Include {
  std::string file;  // below src/, such as "sql/lexer.cpp"
  std::string name;  // between the quotes or brackets
  bool own;          // in quotes
};

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> files_below(const fs::path& folder, const std::set<std::string>& endings) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && endings.contains(entry.path().extension())) {
      files.push_back(entry.path().lexically_relative(folder).string());
    }
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Include> includes() {
  std::vector<Include> found;
  for (const auto& file : files_below(source / "src", {".cpp", ".hpp"})) {
    std::ifstream in(source / "src" / file);
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("#include ") || line.size() < 11) continue;
      const bool own = line[9] == '"';
      found.push_back({file, line.substr(10, line.find(own ? '"' : '>', 10) - 10), own});
    }
  }
  return found;
}

std::string room_of(const std::string& file) { return file.substr(0, file.find('/')); }

bool allowed(const std::string& from, const std::string& to) {
  if (to == from || to == "base" || from == "cli") return true;
  const auto row = may_include.find(from);
  if (row == may_include.end()) return false;
  // Steps are made of statements, so sql/ comes with migration/.
  return row->second.contains(to == "sql" ? "migration" : to) || row->second.contains(to);
}

TEST(LayoutTest, RoomsIncludeOnlyWhatTheirRowNames) {
  const auto all = includes();
  ASSERT_GT(all.size(), 100U) << "found no includes: is DUNLIN_SOURCE_DIR right?";
  for (const auto& [file, name, own] : all) {
    if (!own) continue;
    EXPECT_TRUE(fs::exists(source / "src" / name))
        << file << " includes " << name << ", which is not a path below src/";
    EXPECT_TRUE(allowed(room_of(file), room_of(name)))
        << file << " includes " << name << ", but " << room_of(file) << "/ may not see "
        << room_of(name) << "/";
  }
}

TEST(LayoutTest, TheTableHasNoCycles) {
  std::set<std::string> open;
  std::function<void(const std::string&)> visit = [&](const std::string& room) {
    ASSERT_TRUE(open.insert(room).second) << "a cycle goes through " << room;
    if (const auto row = may_include.find(room); row != may_include.end()) {
      std::ranges::for_each(row->second, visit);
    }
    open.erase(room);
  };
  for (const auto& [room, others] : may_include) visit(room);
}

TEST(LayoutTest, EveryRoomHasItsRow) {
  for (const auto& file : files_below(source / "src", {".cpp", ".hpp"})) {
    const auto room = room_of(file);
    EXPECT_TRUE(room == "cli" || may_include.contains(room)) << "no row for " << room;
  }
}

TEST(LayoutTest, HeadersOfLibrariesStayInTheirFolder) {
  for (const auto& [file, name, own] : includes()) {
    for (const auto& [header, folder] : walls) {
      if (own || !name.starts_with(header)) continue;
      EXPECT_TRUE(file.starts_with(folder))
          << file << " includes <" << name << ">, which only " << folder << " may";
    }
  }
}

// A source that no CMakeLists.txt names is compiled by nobody, and a test then passes by not being
// there.
void expect_listed(const fs::path& folder, const std::string& file) {
  for (auto place = (folder / file).parent_path(); place != folder.parent_path();
       place = place.parent_path()) {
    const auto name = (folder / file).lexically_relative(place).string();
    const auto list = text_of(place / "CMakeLists.txt");
    for (auto at = list.find(name); at != std::string::npos; at = list.find(name, at + 1)) {
      if (at > 0 && std::string(" \n(\"").contains(list[at - 1])) return;
    }
  }
  ADD_FAILURE() << folder.filename().string() << "/" << file << " is in no CMakeLists.txt";
}

TEST(LayoutTest, EverySourceIsListed) {
  for (const char* folder : {"src", "tests"}) {
    for (const auto& file : files_below(source / folder, {".cpp"})) {
      expect_listed(source / folder, file);
    }
  }
}

}  // namespace
