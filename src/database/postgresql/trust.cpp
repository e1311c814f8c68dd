#include "database/postgresql/trust.hpp"

#include "base/text.hpp"
#include "database/postgresql/connect.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace dunlin::postgresql {
namespace {

bool is_there(const std::string& file) { return access(file.c_str(), R_OK) == 0; }

/// Empty if this system has none.
std::string bundle_of_system(const Environment& environment) {
  if (auto named = environment.find("SSL_CERT_FILE")) return *std::move(named);
  constexpr std::array places = {
      "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Alpine, the image
      "/etc/pki/tls/certs/ca-bundle.crt",    // Fedora, RHEL, Amazon Linux
      "/etc/ssl/ca-bundle.pem",              // SUSE
      "/etc/ssl/cert.pem",                   // the BSDs
  };
  const auto* const found = std::ranges::find_if(places, is_there);
  return found != places.end() ? *found : "";
}

/// As libpq 15 looks for it.
bool has_root_of_user(const Environment& environment) {
  const auto home = environment.find("HOME");
  return home && is_there(*home + "/.postgresql/root.crt");
}

}  // namespace

Result<void> choose_roots(Parameters& parameters, const Environment& environment) {
  const auto setting = [&](std::string_view keyword, std::string_view variable) {
    auto value = value_of(parameters, keyword);
    return value.empty() ? environment.find(variable).value_or("") : value;
  };
  const auto mode = setting("sslmode", "PGSSLMODE");
  const auto roots = setting("sslrootcert", "PGSSLROOTCERT");
  const bool by_system = roots == "system";
  if (by_system && !mode.empty() && mode != "verify-full") {
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("sslrootcert=system needs sslmode=verify-full, not {}", mode),
        .hint =
            "write sslmode=verify-full: anybody can get a certificate from one of the "
            "system's authorities, only the host's name tells them apart"};
  }
  if (by_system) parameters.emplace_back("sslmode", "verify-full");
  const bool by_default = mode == "verify-full" && roots.empty() && !has_root_of_user(environment);
  if (!by_system && !by_default) return {};
  if (auto bundle = bundle_of_system(environment); !bundle.empty())
    parameters.emplace_back("sslrootcert", std::move(bundle));
  return {};
}

}  // namespace dunlin::postgresql
