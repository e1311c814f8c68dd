#include "git/tree.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <utility>
#include <vector>

namespace dunlin::git {
namespace {

constexpr int kDeepestTag = 8;              // tags of tags; more is nobody's intention
constexpr std::size_t kLongestPath = 4096;  // bytes, as the kernel has it

Error malformed(std::string what) {
  return {.code = ErrorCode::source_failed, .message = std::move(what)};
}

Result<Object> find(const Objects& objects, const ObjectId& id, ObjectType type,
                    std::string_view what) {
  const auto found = objects.find(id);
  if (found == objects.end())
    return malformed(fmt::format("the Git server did not send {} {}", what, id.text()));
  if (found->second.type != type)
    return malformed(fmt::format("{} in the repository is not {}", id.text(), what));
  return found->second;
}

// The value of a header line of a commit or tag, such as "tree"; empty if there is none.
std::string_view header(std::string_view text, std::string_view name) {
  while (!text.empty() && text.front() != '\n') {
    const auto line = text.substr(0, text.find('\n'));
    if (line.starts_with(name) && line.substr(name.size()).starts_with(' '))
      return line.substr(name.size() + 1);
    text.remove_prefix(std::min(text.size(), line.size() + 1));
  }
  return {};
}

Result<ObjectId> id_in(const Object& object, std::string_view name) {
  if (const auto id = ObjectId::parse(header(*object.data, name))) return *id;
  return malformed(fmt::format("a {} in the repository names no {}",
                               object.type == ObjectType::tag ? "tag" : "commit", name));
}

Result<ObjectId> peel(const Objects& objects, ObjectId id) {
  for (int depth = 0; depth < kDeepestTag; ++depth) {
    const auto found = objects.find(id);
    if (found == objects.end() || found->second.type != ObjectType::tag) return id;
    id = DUNLIN_TRY(id_in(found->second, "object"));
  }
  return malformed("the tag points at a tag, that at another, and so on");
}

template <class Number>
Number number_in(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// What somebody else wrote, fit for one line of a terminal.
std::string printable(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(
      line, [](char letter) { return static_cast<unsigned char>(letter) < ' ' || letter == 127; },
      ' ');
  return line;
}

// "NAME <MAIL> SECONDS +HHMM"
void read_author(std::string_view line, Commit& commit) {
  const auto mail_end = line.rfind('>');
  if (mail_end == std::string_view::npos) return;
  commit.author = printable(line.substr(0, mail_end + 1));
  const auto when = split_list(line.substr(mail_end + 1), ' ');
  if (when.size() != 2 || when[1].size() != 5) return;
  const int zone = number_in<int>(std::string_view(when[1]).substr(1));
  const int minutes = (zone / 100 * 60 + zone % 100) * (when[1].front() == '-' ? -1 : 1);
  // A date beyond any calendar is somebody's joke; it must not overflow.
  const auto seconds = std::clamp(number_in<std::int64_t>(when[0]), std::int64_t{0},
                                  std::int64_t{253402300799} - 86400);
  const std::chrono::sys_seconds local{std::chrono::seconds(seconds) +
                                       std::chrono::minutes(minutes)};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(local - day);
  commit.date =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  time.hours().count(), time.minutes().count(), time.seconds().count(),
                  when[1].front() == '-' ? '-' : '+', zone / 100, zone % 100);
}

Commit read_commit(const ObjectId& id, const Object& object) {
  const std::string& text = *object.data;
  Commit commit{.id = id.text(), .text = text};
  read_author(header(text, "author"), commit);
  const auto body = text.find("\n\n");
  if (body == std::string_view::npos) return commit;
  const auto message = trim(std::string_view(text).substr(body));
  commit.subject = printable(message.substr(0, message.find("\n\n")));
  return commit;
}

struct Entry {
  unsigned mode = 0;
  std::string_view name;
  ObjectId id;
};

// "MODE NAME\0" and 20 bytes, taken from the front.
Result<Entry> take_entry(std::string_view& tree) {
  const auto space = tree.find(' ');
  const auto zero = tree.find('\0');
  if (space == std::string_view::npos || zero == std::string_view::npos || zero < space ||
      tree.size() - zero - 1 < 20)
    return malformed("a folder in the repository is malformed");
  Entry entry{.name = tree.substr(space + 1, zero - space - 1),
              .id = ObjectId::of(tree.substr(zero + 1, 20))};
  const auto mode = tree.substr(0, space);
  std::from_chars(mode.data(), mode.data() + mode.size(), entry.mode, 8);
  tree.remove_prefix(zero + 21);
  return entry;
}

bool is_allowed(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && !name.contains('/') &&
         !equals_ignoring_case(name, ".git");
}

constexpr unsigned kKind = 0170000;
constexpr unsigned kFolder = 0040000;
constexpr unsigned kRegular = 0100000;
constexpr unsigned kSymlink = 0120000;
constexpr unsigned kSubmodule = 0160000;

// Walks the folders with a stack of its own: depth costs memory, never the program's stack.
class Walk {
 public:
  Walk(const Objects& objects, const Limits& limits, Contents contents)
      : objects_(objects), limits_(limits), contents_(contents) {}

  Result<std::map<std::string, File, std::less<>>> run(const ObjectId& root) {
    pending_.emplace_back("", root);
    while (!pending_.empty()) {
      const auto [path, id] = std::move(pending_.back());
      pending_.pop_back();
      const auto tree = DUNLIN_TRY(find(objects_, id, ObjectType::tree, "the folder"));
      for (std::string_view rest = *tree.data; !rest.empty();) {
        const auto entry = DUNLIN_TRY(take_entry(rest));
        DUNLIN_TRY(take(path, entry));
      }
    }
    return std::move(files_);
  }

 private:
  Result<void> take(const std::string& folder, const Entry& entry) {
    if (!is_allowed(entry.name)) {
      return malformed(fmt::format("the repository has a file named '{}' in '{}', which is refused",
                                   entry.name, folder));
    }
    // The same folder may stand in many places: a few objects could name any number of files.
    if (++count_ > limits_.files) {
      return malformed(
          fmt::format("the repository is too large: it has more than {} files", limits_.files));
    }
    auto path = folder + std::string(entry.name);
    if (path.size() > kLongestPath) {
      return malformed(fmt::format("the repository has a path of more than {} bytes: {}...",
                                   kLongestPath, path.substr(0, 60)));
    }
    switch (entry.mode & kKind) {
      case kFolder:
        pending_.emplace_back(path + "/", entry.id);
        return {};
      case kRegular:
        return add(std::move(path), File::Kind::regular, entry.id);
      case kSymlink:
        return add(std::move(path), File::Kind::symlink, entry.id);
      case kSubmodule:
        files_.emplace(std::move(path), File{.kind = File::Kind::submodule,
                                             .content = std::make_shared<const std::string>()});
        return {};
      default:
        return malformed(fmt::format("{} in the repository is of no known kind", path));
    }
  }

  Result<void> add(std::string path, File::Kind kind, const ObjectId& id) {
    File file{.kind = kind, .content = nullptr, .id = id};
    if (contents_ == Contents::all || objects_.contains(id))
      file.content = DUNLIN_TRY(find(objects_, id, ObjectType::blob, "the file")).data;
    files_.emplace(std::move(path), std::move(file));
    return {};
  }

  const Objects& objects_;
  const Limits& limits_;
  Contents contents_;
  std::size_t count_ = 0;
  std::vector<std::pair<std::string, ObjectId>> pending_;
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace

Result<Tree> read_tree(const Objects& objects, const ObjectId& id, const Limits& limits,
                       Contents contents) {
  const auto commit_id = DUNLIN_TRY(peel(objects, id));
  const auto commit = DUNLIN_TRY(find(objects, commit_id, ObjectType::commit, "the commit"));
  const auto root = DUNLIN_TRY(id_in(commit, "tree"));
  Tree tree{.commit = read_commit(commit_id, commit)};
  tree.files = DUNLIN_TRY(Walk(objects, limits, contents).run(root));
  return tree;
}

bool is_wanted(std::string_view path, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(wanted, [&](std::string_view one) {
    return one.empty() || path == one ||
           (path.starts_with(one) && path.substr(one.size()).starts_with('/'));
  });
}

}  // namespace dunlin::git
