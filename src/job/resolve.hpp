#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "secrets/resolver.hpp"

namespace dunlin {

/// Resolves references of the configuration: those of the kinds named, else all, fetched at once.
/// Values of secrets become known to the redactor, and when all are resolved also what is named
/// like one in jdbcProperties and placeholders.
/// @param kinds  "env", "file", "secret", "ssm"
Result<void> resolve_references(Configuration& configuration, Resolver& resolver,
                                const std::vector<std::string>& kinds = {});

}  // namespace dunlin
