#include "support/git_repository.hpp"

#include "support/shell.hpp"

namespace dunlin::test {

GitRepository::GitRepository(const std::string& init) {
  std::filesystem::create_directory(path());
  git("init -q -b master " + init);
}

std::string GitRepository::run(const std::string& command) const {
  return shell(
      "cd " + quoted(path()) + "\nexport HOME=" + quoted(folder_.path()) +
      " GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME='Ada Lovelace' GIT_AUTHOR_EMAIL=a@example.org"
      " GIT_COMMITTER_NAME=Charles GIT_COMMITTER_EMAIL=c@example.org"
      " GIT_AUTHOR_DATE='2021-01-02T03:04:05+0130'"
      " GIT_COMMITTER_DATE='2021-01-02T03:04:05Z'\n" +
      command);
}

std::string GitRepository::git(const std::string& arguments) const {
  return run("git " + arguments);
}

void GitRepository::write(std::string_view file, std::string_view content) const {
  folder_.write("repo/" + std::string(file), content);
}

std::string GitRepository::commit(const std::string& subject) const {
  git("add -A && git commit -q --allow-empty -m " + quoted(subject));
  return git("rev-parse HEAD");
}

std::string GitRepository::bare() const {
  const auto target = folder_ / "bare.git";
  git("clone -q --mirror . " + quoted(target) + " && git -C " + quoted(target) + " gc -q");
  return target;
}

}  // namespace dunlin::test
