#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"

#include <span>
#include <string>
#include <string_view>

namespace dunlin {

/// A file of configuration at the root of a checkout, as bytes: nothing of it is on disk.
struct CheckoutFile {
  std::string name;  ///< "flyway.conf", "flyway.toml" or "dunlin.toml"; others are passed over
  std::string content;
};

/// True for the names that lay_under reads.
[[nodiscard]] bool is_checkout_configuration(std::string_view name);

/// Lays what the checkout's own files say under everything that is set already. Whoever can push a
/// branch can write them, so they may say how scripts are run, and never where to connect, as whom,
/// or what else to read: only rows of the option table that allow it, values taken literally, paths
/// that stay inside the checkout. As in a folder, flyway.conf counts only where no TOML file is.
/// Error: configuration, for anything else; it names the key, the file and the line.
Result<void> lay_under(Configuration& configuration, std::span<const CheckoutFile> files);

}  // namespace dunlin
