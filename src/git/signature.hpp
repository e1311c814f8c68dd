#pragma once

#include "base/result.hpp"
#include "git/tree.hpp"
#include "ssh/allowed_signers.hpp"

#include <string>

namespace dunlin::git {

/// Who signed the commit, as the allowed signers name him: what `git verify-commit` finds with
/// gpg.format=ssh, the time being the committer's. ErrorCode::commit_refused when it is not signed,
/// signed by OpenPGP or X.509, by a key that is not allowed, or when the signature is not its own.
[[nodiscard]] Result<std::string> signer_of(const Commit& commit,
                                            const ssh::AllowedSigners& signers);

}  // namespace dunlin::git
