#include "aws/endpoint.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace dunlin {
namespace {

/// Regions whose hosts end alike.
struct Partition {
  std::string_view region;  ///< how its regions begin
  std::string_view suffix;
  std::string_view dual_stack_suffix;
};
constexpr std::array kPartitions = {
    Partition{"cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    Partition{"us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    Partition{"us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    Partition{"us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    Partition{"eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    Partition{"eusc-", "amazonaws.eu", "api.amazonwebservices.eu"},
    Partition{"", "amazonaws.com", "api.aws"},
};

bool is_on(const Environment& environment, std::string_view name) {
  const auto value = environment.find(name);
  return value && equals_ignoring_case(*value, "true");
}

/// Letters, digits and hyphens: whatever else would change the host a request is sent to.
bool could_be_region(std::string_view region) {
  return !region.empty() && region.size() <= 63 && std::ranges::all_of(region, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

struct Override {
  std::string variable, url;
};

std::optional<Override> configured(const AwsService& service, const Environment& environment) {
  if (is_on(environment, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return std::nullopt;
  for (const std::string& name :
       {fmt::format("AWS_ENDPOINT_URL_{}", service.variable), std::string("AWS_ENDPOINT_URL")}) {
    if (auto url = environment.find(name)) return Override{name, std::move(*url)};
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> aws_endpoint(const AwsService& service, std::string_view region,
                                 const Environment& environment) {
  if (!could_be_region(region)) {
    return Error{.code = ErrorCode::configuration,
                 .message = region.empty() ? fmt::format("no AWS region is set, and {} is asked",
                                                         service.shown)
                                           : fmt::format("\"{}\" is not an AWS region", region),
                 .hint = "set REGION, AWS_REGION or AWS_DEFAULT_REGION, such as us-west-2"};
  }
  if (auto given = configured(service, environment)) {
    if (!given->url.starts_with("http://") && !given->url.starts_with("https://")) {
      return Error{.code = ErrorCode::configuration,
                   .message = given->variable + " is not an http or https URL"};
    }
    while (given->url.ends_with('/')) given->url.pop_back();
    return std::move(given->url);
  }
  const auto* const partition = std::ranges::find_if(
      kPartitions, [&](const Partition& each) { return region.starts_with(each.region); });
  // Secrets Manager's usual host speaks IPv6 already; there is no second one outside China and the
  // isolated partitions. In GovCloud the usual hosts of the others are FIPS already.
  const bool is_secrets_manager = service.name == kSecretsManager.name;
  const bool dual_stack = is_on(environment, "AWS_USE_DUALSTACK_ENDPOINT") &&
                          !(is_secrets_manager && partition->region.empty());
  const bool fips = is_on(environment, "AWS_USE_FIPS_ENDPOINT") &&
                    (is_secrets_manager || dual_stack || !region.starts_with("us-gov-"));
  return fmt::format("https://{}{}.{}.{}", service.name, fips ? "-fips" : "", region,
                     dual_stack ? partition->dual_stack_suffix : partition->suffix);
}

std::string_view region_of_arn(std::string_view id) noexcept {
  if (!id.starts_with("arn:")) return {};
  std::size_t start = 0;
  for (int colon = 0; colon < 3; ++colon) {
    start = id.find(':', start);
    if (start == std::string_view::npos) return {};
    ++start;
  }
  return id.substr(start, id.find(':', start) - start);
}

}  // namespace dunlin
