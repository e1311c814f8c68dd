// Signature Version 4: a canonical form of the request is hashed; a key is derived from the secret
// key, the day, the region and the service; the signature is the HMAC of the hash under that key.
// Paths are encoded once more than they are sent, as every service but S3 wants it.
#include "aws/sigv4.hpp"

#include "base/text.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace dunlin {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
using Headers = std::map<std::string, std::string>;  // by lower-case name

std::string as_text(std::span<const unsigned char> bytes) { return {bytes.begin(), bytes.end()}; }

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return hex(as_text(std::span(digest).first(size)));
}

Secret hmac(const Secret& key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const std::vector<unsigned char> bytes(text.begin(), text.end());
  HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.reveal().size()), bytes.data(),
       bytes.size(), digest.data(), &size);
  std::string result = as_text(std::span(digest).first(size));
  Secret secret(result);
  explicit_bzero(result.data(), result.size());
  explicit_bzero(digest.data(), digest.size());
  return secret;
}

struct Timestamp {
  std::string day;     ///< 20250131
  std::string second;  ///< 20250131T235959Z
};

Timestamp timestamp(std::chrono::system_clock::time_point at) {
  namespace chrono = std::chrono;
  const auto midnight = chrono::floor<chrono::days>(at);
  const chrono::year_month_day date(midnight);
  const chrono::hh_mm_ss time(chrono::floor<chrono::seconds>(at - midnight));
  std::string day =
      fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  std::string second = fmt::format("{}T{:02}{:02}{:02}Z", day, time.hours().count(),
                                   time.minutes().count(), time.seconds().count());
  return {.day = std::move(day), .second = std::move(second)};
}

/// The parts of an URL that are signed.
struct Target {
  std::string host;  ///< with its port, unless that is the scheme's own
  std::string path;  ///< as sent; "/" when there is none
  std::string query;
};

Target target_of(std::string_view url) {
  const auto scheme_end = url.find("://");
  const std::string_view scheme = url.substr(0, scheme_end);
  const std::string_view rest = url.substr(scheme_end + 3);
  const std::string_view place = rest.substr(0, rest.find('#'));
  const auto host_end = std::min(place.find_first_of("/?"), place.size());
  const auto path_end = std::min(place.find('?', host_end), place.size());
  Target target{.host = lower(place.substr(0, host_end)),
                .path = std::string(place.substr(host_end, path_end - host_end)),
                .query = std::string(place.substr(std::min(path_end + 1, place.size())))};
  const std::string_view usual = scheme == "https" ? ":443" : ":80";
  if (target.host.ends_with(usual)) target.host.resize(target.host.size() - usual.size());
  if (target.path.empty()) target.path = "/";
  return target;
}

/// Without "." and "..", without empty segments, each byte encoded once more.
std::string canonical_path(std::string_view path) {
  std::vector<std::string> kept;
  for (const std::string& segment : split(path, '/')) {
    if (segment.empty() || segment == ".") continue;
    if (segment != "..") {
      kept.push_back(percent_encode(segment));
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  const bool folder = path.ends_with('/') && !kept.empty();
  return "/" + join(kept, "/") + (folder ? "/" : "");
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& each : split(query, '&')) {
    const auto equals = std::min(each.find('='), each.size());
    pairs.emplace_back(each.substr(0, equals), each.substr(std::min(equals + 1, each.size())));
  }
  std::ranges::sort(pairs);
  std::string result;
  for (const auto& [key, value] : pairs) {
    result += fmt::format("{}{}={}", result.empty() ? "" : "&", key, value);
  }
  return result;
}

/// Runs of blanks become one space.
std::string canonical_value(std::string_view value) {
  std::string result;
  for (const char c : trim(value)) {
    const bool blank = c == ' ' || c == '\t';
    if (!blank) {
      result += c;
    } else if (!result.ends_with(' ')) {
      result += ' ';
    }
  }
  return result;
}

std::string names_of(const Headers& headers) {
  std::string names;
  for (const auto& [name, value] : headers) names += (names.empty() ? "" : ";") + name;
  return names;
}

struct Signable {
  std::string_view method;
  Target target;
  Headers headers;
  std::string_view body;
};

std::string canonical_request(const Signable& request) {
  std::string headers;
  for (const auto& [name, value] : request.headers) {
    headers += fmt::format("{}:{}\n", name, value);
  }
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(request.target.path),
                     canonical_query(request.target.query), headers, names_of(request.headers),
                     sha256(request.body));
}

std::string scope_text(const SigningScope& scope, const Timestamp& time) {
  return fmt::format("{}/{}/{}/aws4_request", time.day, scope.region, scope.service);
}

std::string signature(const Signable& request, const Secret& secret_key, const SigningScope& scope,
                      const Timestamp& time) {
  std::string canonical = canonical_request(request);
  const std::string text = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time.second,
                                       scope_text(scope, time), sha256(canonical));
  explicit_bzero(canonical.data(), canonical.size());  // it holds the session token
  std::string first = "AWS4";
  first.reserve(4 + secret_key.reveal().size());
  first += secret_key.reveal();
  const Secret start(first);
  explicit_bzero(first.data(), first.size());
  const Secret key =
      hmac(hmac(hmac(hmac(start, time.day), scope.region), scope.service), "aws4_request");
  return hex(hmac(key, text).reveal());
}

}  // namespace

void sign(HttpRequest& request, const AwsCredentials& credentials, const SigningScope& scope) {
  const Timestamp time = timestamp(scope.at);
  request.headers.push_back({"X-Amz-Date", Secret(time.second)});
  if (!credentials.session_token.empty()) {
    request.headers.push_back({"X-Amz-Security-Token", credentials.session_token.duplicate()});
  }
  Signable signable{.method = request.method,
                    .target = target_of(request.url),
                    .headers = {},
                    .body = request.body.reveal()};
  signable.headers["host"] = signable.target.host;
  for (const HttpHeader& header : request.headers) {
    auto& value = signable.headers[lower(header.name)];
    value += (value.empty() ? "" : ",") + canonical_value(header.value.reveal());
  }
  const std::string signed_by = signature(signable, credentials.secret_key, scope, time);
  request.headers.push_back(
      {"Authorization",
       Secret(fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                          credentials.access_key, scope_text(scope, time),
                          names_of(signable.headers), signed_by))});
}

Secret presign(std::string_view url, const AwsCredentials& credentials, const SigningScope& scope,
               std::chrono::seconds lifetime) {
  const Timestamp time = timestamp(scope.at);
  std::string whole(url);
  whole += url.contains('?') ? "&" : "?";
  whole += fmt::format(
      "X-Amz-Algorithm={}&X-Amz-Credential={}&X-Amz-Date={}&X-Amz-Expires={}"
      "&X-Amz-SignedHeaders=host",
      kAlgorithm,
      percent_encode(fmt::format("{}/{}", credentials.access_key, scope_text(scope, time))),
      time.second, lifetime.count());
  if (!credentials.session_token.empty()) {
    whole += "&X-Amz-Security-Token=" + percent_encode(credentials.session_token.reveal());
  }
  Signable signable{
      .method = "GET", .target = target_of(whole), .headers = {}, .body = std::string_view{}};
  signable.headers["host"] = signable.target.host;
  whole += "&X-Amz-Signature=" + signature(signable, credentials.secret_key, scope, time);
  Secret result(whole);
  explicit_bzero(whole.data(), whole.size());
  return result;
}

Secret rds_token(std::string_view host, int port, std::string_view user,
                 const AwsCredentials& credentials, std::string_view region,
                 std::chrono::system_clock::time_point at) {
  constexpr std::string_view kScheme = "https://";
  const std::string url = fmt::format("{}{}:{}/?Action=connect&DBUser={}", kScheme, lower(host),
                                      port, percent_encode(user));
  const SigningScope scope{.region = std::string(region), .service = "rds-db", .at = at};
  const Secret presigned = presign(url, credentials, scope, std::chrono::minutes(15));
  return Secret(presigned.reveal().substr(kScheme.size()));
}

}  // namespace dunlin
