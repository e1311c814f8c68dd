#include "git/signature.hpp"
#include "source/git_location.hpp"
#include "ssh/tunnel.hpp"

#include "fuzz.hpp"

using dunlin::fuzz::require;

// A commit with its signature, the lines that say who may sign, a location in Git, hops of a
// tunnel.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = dunlin::fuzz::text(data, size);
  const auto signers = dunlin::ssh::AllowedSigners::parse(text);
  const dunlin::git::Commit commit{.text = std::string(text)};
  const auto signer =
      dunlin::git::signer_of(commit, signers ? *signers : dunlin::ssh::AllowedSigners());
  require(!signer || signers.has_value());
  if (const auto location = dunlin::parse_git_location(text))
    require(dunlin::is_git_location(location->prefix()));
  if (const auto hops = dunlin::ssh::parse_hops(text)) require(!hops->empty());
  return 0;
}
