#include "http/proxy.hpp"

#include "base/text.hpp"

namespace dunlin {
namespace {

std::string in_either_case(const Environment& environment, const std::string& name) {
  if (const auto small = environment.find(name)) return *small;
  const bool forged = name == "http_proxy" && environment.find("REQUEST_METHOD").has_value();
  return forged ? std::string{} : environment.find(upper(name)).value_or("");
}

}  // namespace

ProxyChoice proxy_for(std::string_view scheme, const Environment& environment) {
  std::string url = in_either_case(environment, lower(scheme) + "_proxy");
  if (url.empty()) url = in_either_case(environment, "all_proxy");
  if (url.empty()) return {};
  return ProxyChoice{.url = std::move(url), .except = in_either_case(environment, "no_proxy")};
}

}  // namespace dunlin
