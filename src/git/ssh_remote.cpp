#include "base/text.hpp"
#include "git/remote.hpp"

#include <optional>
#include <utility>

namespace dunlin::git {
namespace {

class SshRemote final : public Remote {
 public:
  SshRemote(ssh::SessionOptions options, const RepositoryUrl& url)
      : options_(std::move(options)),
        command_(fmt::format("git-upload-pack '{}'", replace_all(url.path, "'", "'\\''"))) {}

  Result<void> start(Protocol protocol) override {
    if (!session_) session_ = DUNLIN_TRY(ssh::Session::connect(std::move(options_)));
    stream_ = DUNLIN_TRY(session_->execute(
        command_,
        protocol == Protocol::v2 ? ssh::Variable{"GIT_PROTOCOL", "version=2"} : ssh::Variable{}));
    return {};
  }
  Result<void> ask(std::string_view request, std::size_t) override {
    return stream_->write(request);
  }
  ByteStream& answer() override { return *stream_; }

 private:
  ssh::SessionOptions options_;
  std::string command_;
  std::optional<ssh::Session> session_;
  std::unique_ptr<ByteStream> stream_;
};

}  // namespace

std::unique_ptr<Remote> ssh_remote(ssh::SessionOptions options, const RepositoryUrl& url) {
  return std::make_unique<SshRemote>(std::move(options), url);
}

}  // namespace dunlin::git
