#include "source/git_source.hpp"

#include "base/text.hpp"
#include "source/location.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace dunlin {
namespace {

using Files = std::map<std::string, git::File, std::less<>>;
using Kind = git::File::Kind;

constexpr int kMostLinks = 40;  // as Linux follows in one path
constexpr std::string_view kLfs = "version https://git-lfs.github.com/spec/";

Error failed(std::string message, std::string hint) {
  return {.code = ErrorCode::source_failed, .message = std::move(message), .hint = std::move(hint)};
}

// "./a//b/../c" as "a/c"; nothing when it is absolute or leads out.
std::optional<std::string> inner_path(std::string_view path) {
  auto normal = std::filesystem::path(path).lexically_normal().string();
  if (normal.ends_with('/') && normal.size() > 1) normal.pop_back();
  if (normal.starts_with('/') || normal == ".." || normal.starts_with("../")) return std::nullopt;
  return normal == "." ? "" : normal;
}

std::string join_path(std::string_view folder, std::string_view name) {
  return folder.empty() ? std::string(name) : fmt::format("{}/{}", folder, name);
}

bool is_folder(const Files& files, const std::string& path) {
  if (path.empty()) return true;
  const auto first = files.lower_bound(path + "/");
  return first != files.end() && first->first.starts_with(path + "/");
}

// The first part of a path that is a symbolic link: where it ends, and its target.
struct Link {
  std::size_t end;
  std::string_view target;
};
std::optional<Link> first_link(const Files& files, const std::string& path) {
  for (std::size_t end = 0; end < path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    const auto found = files.find(std::string_view(path).substr(0, end));
    if (found != files.end() && found->second.kind == Kind::symlink)
      return Link{.end = end, .target = *found->second.content};
  }
  return std::nullopt;
}

// The path that is meant once all symbolic links in it are followed; it may not exist.
Result<std::string> real_path(const Files& files, std::string path) {
  const auto asked = path;
  for (int links = 0; links <= kMostLinks; ++links) {
    const auto link = first_link(files, path);
    if (!link) return path;
    const auto place = path.substr(0, link->end);
    const auto folder = std::filesystem::path(place).parent_path().string();
    const auto inner = link->target.starts_with('/')
                           ? std::nullopt
                           : inner_path(join_path(folder, link->target) + path.substr(link->end));
    if (!inner) {
      return failed(fmt::format("{} is a symbolic link that leaves the repository, to {}", place,
                                link->target),
                    "put the file itself into the repository");
    }
    path = *inner;
  }
  return failed(fmt::format("{} leads through too many symbolic links", asked),
                "remove the link that leads back");
}

Result<std::string> read_blob(const std::string& content, const std::string& shown) {
  if (!content.starts_with(kLfs)) return content;
  return Error{.code = ErrorCode::script_unreadable,
               .message = fmt::format("{} is kept by Git LFS, which is not supported", shown),
               .hint = "put the file itself into the repository: git lfs migrate export"};
}

Resource resource_of(const git::File& file, std::string name, const std::string& shown) {
  return {.path = std::move(name), .shown = shown, .read = [content = file.content, shown] {
            return read_blob(*content, shown);
          }};
}

// A file that a walk came upon.
struct Found {
  std::string real;   // where it stands in the tree
  std::string name;   // below its location
  std::string shown;  // as reports name it
};

// Is one of the folders above the file hidden? Flyway passes over those, not over hidden files.
bool in_hidden_folder(std::string_view path) {
  const auto folders = split(path.substr(0, path.find_last_of('/') + 1), '/');
  return std::ranges::any_of(folders, [](const auto& name) { return name.starts_with('.'); });
}

// A folder still to be listed.
struct Pending {
  std::string real;                // where its files stand in the tree
  std::string below;               // its path below the location's root, with '/' at the end
  std::vector<std::string> above;  // the real folders through which links led here
};

class Walk {
 public:
  Walk(const Files& files, const Location& location, std::string root, std::string prefix,
       std::vector<std::string>& notes)
      : files_(files),
        location_(location),
        root_(std::move(root)),
        prefix_(std::move(prefix)),
        notes_(notes) {}

  Result<std::vector<Found>> run(const std::string& real) {
    pending_.push_back({.real = real, .below = "", .above = {}});
    while (!pending_.empty()) {
      const auto folder = std::move(pending_.back());
      pending_.pop_back();
      DUNLIN_TRY(visit(folder));
    }
    std::ranges::sort(found_, {}, [](const Found& file) {
      return std::pair<std::string_view, std::string_view>(file.name, file.shown);
    });
    return std::move(found_);
  }

 private:
  Result<void> visit(const Pending& folder) {
    const auto start = folder.real.empty() ? "" : folder.real + "/";
    for (auto file = files_.lower_bound(start);
         file != files_.end() && file->first.starts_with(start); ++file) {
      const auto below = folder.below + file->first.substr(start.size());
      if (in_hidden_folder(below)) continue;
      switch (file->second.kind) {
        case Kind::regular:
          add(file->first, below);
          break;
        case Kind::symlink:
          DUNLIN_TRY(follow(folder, file->first, below));
          break;
        case Kind::submodule:
          return failed(fmt::format("{} is a Git submodule, which is not supported", file->first),
                        "put its scripts into the repository, or leave it out of the locations");
      }
    }
    return {};
  }

  Result<void> follow(const Pending& folder, const std::string& link, const std::string& below) {
    const auto target = DUNLIN_TRY(real_path(files_, link));
    const auto file = files_.find(target);
    if (file != files_.end() && file->second.kind == Kind::regular) {
      add(target, below);
      return {};
    }
    if (!is_folder(files_, target)) {
      notes_.push_back(fmt::format("Skipping {}: it is a symbolic link to nothing", link));
      return {};
    }
    if (std::filesystem::path(link).filename().string().starts_with('.')) return {};
    auto above = folder.above;
    above.push_back(folder.real);
    if (std::ranges::find(above, target) != above.end() || link.starts_with(target + "/")) {
      return failed(fmt::format("folder {} leads back to a folder above it", link),
                    "remove the symbolic link; its scripts would be found without end");
    }
    pending_.push_back({.real = target, .below = below + "/", .above = std::move(above)});
    return {};
  }

  void add(const std::string& real, const std::string& below) {
    const auto name = name_below(location_, below);
    if (!name) return;
    found_.push_back(
        {.real = real, .name = std::string(*name), .shown = prefix_ + join_path(root_, below)});
  }

  const Files& files_;
  const Location& location_;
  std::string root_;    // the location's, as it is written
  std::string prefix_;  // "owner/repo@1a2b3c4:"
  std::vector<std::string>& notes_;
  std::vector<Pending> pending_;
  std::vector<Found> found_;
};

Result<std::vector<Resource>> contents_of(git::Repository& repository,
                                          const std::vector<Found>& found) {
  std::vector<std::string> paths(found.size());
  std::ranges::transform(found, paths.begin(), &Found::real);
  DUNLIN_TRY(repository.load(paths));
  std::vector<Resource> resources;
  resources.reserve(found.size());
  for (const auto& [real, name, shown] : found)
    resources.push_back(resource_of(repository.tree.files.find(real)->second, name, shown));
  return resources;
}

Result<Listing::Location> list_one(git::Repository& repository, const Location& location,
                                   const std::string& name, std::vector<std::string>& notes) {
  Listing::Location listed{
      .text = location.text(), .root = location.root, .found = false, .problem = "not found"};
  if (location.kind == LocationKind::classpath) {
    listed.problem = no_class_path(location);
    return listed;
  }
  const auto root = inner_path(location.root);
  if (!root) {
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("location {} leads out of the repository {}", listed.text, name),
        .hint = "write a path inside it, such as filesystem:./sql"};
  }
  const auto& files = repository.tree.files;
  const auto real = DUNLIN_TRY(real_path(files, *root));
  listed.found = is_folder(files, real);
  if (listed.found) {
    listed.problem.clear();
    const auto found = DUNLIN_TRY(Walk(files, location, *root, name + ":", notes).run(real));
    listed.files = DUNLIN_TRY(contents_of(repository, found));
  } else if (files.contains(real)) {
    listed.problem = "not a directory";
  }
  return listed;
}

}  // namespace

GitSource::GitSource(git::Repository repository)
    : repository_(std::make_shared<git::Repository>(std::move(repository))) {}

std::string GitSource::name() const {
  return fmt::format("{}@{}", repository_->url.name(), commit().id.substr(0, 7));
}

ScriptOrigin GitSource::origin() const {
  const auto& commit = repository_->tree.commit;
  return {.repository = repository_->url.text,
          .ref = repository_->ref,
          .commit = commit.id,
          .author = commit.author,
          .date = commit.date,
          .subject = commit.subject,
          .signer = commit.signer};
}

Result<std::optional<Resource>> GitSource::find(std::string_view path) const {
  const auto& files = repository_->tree.files;
  const auto inner = inner_path(path);
  const auto real = inner ? real_path(files, *inner) : Result<std::string>(std::string());
  const auto file = real ? files.find(*real) : files.end();
  if (file == files.end() || file->second.kind != Kind::regular) return std::optional<Resource>();
  DUNLIN_TRY(repository_->load({*real}));
  return std::optional(resource_of(file->second, *inner, name() + ":" + *inner));
}

Result<Listing> GitSource::list(const std::vector<std::string>& locations) {
  auto parsed = DUNLIN_TRY(parse_locations(locations));
  Listing listing{.origins = {origin()}, .notes = std::move(parsed.notes)};
  for (const auto& location : parsed.kept) {
    listing.locations.push_back(
        DUNLIN_TRY(list_one(*repository_, location, name(), listing.notes)));
  }
  return listing;
}

Result<std::unique_ptr<GitSource>> open_repository(git::RepositoryOptions options) {
  return std::make_unique<GitSource>(DUNLIN_TRY(git::fetch_repository(std::move(options))));
}

}  // namespace dunlin
