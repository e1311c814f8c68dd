// One multi handle for the life of the client: it owns the connections, the DNS cache and, since
// libcurl 7.87, the parsed CA store (CURLOPT_CA_CACHE_TIMEOUT), so that only the first https
// request pays for reading the bundle. Each request gets an easy handle of its own, called a
// transfer here. A failure is named by its stage: DNS, TCP, TLS, HTTP.
#include "http/curl_client.hpp"

#include "base/handle.hpp"
#include "base/text.hpp"
#include "http/proxy.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

namespace dunlin {
namespace {

using Multi = Handle<CURLM, curl_multi_cleanup>;
using Easy = Handle<CURL, curl_easy_cleanup>;
using Url = Handle<CURLU, curl_url_cleanup>;
using CurlText = Handle<char, curl_free>;

/// Header lines hold tokens: they are wiped before they are freed.
void wipe_and_free(curl_slist* lines) noexcept {
  for (curl_slist* line = lines; line != nullptr; line = line->next) {
    explicit_bzero(line->data, std::strlen(line->data));
  }
  curl_slist_free_all(lines);
}
using Lines = Handle<curl_slist, wipe_and_free>;

/// Gathers the bytes of an answer. Grows by itself, since a vector would leave copies behind.
class Gathered {
 public:
  void append(std::string_view bytes) {
    if (size_ + bytes.size() > room_.size()) grow(size_ + bytes.size());
    std::memcpy(room_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  [[nodiscard]] std::string_view text() const noexcept { return {room_.data(), size_}; }
  ~Gathered() { wipe(); }
  Gathered() = default;
  Gathered(const Gathered&) = delete;
  Gathered& operator=(const Gathered&) = delete;

 private:
  void grow(std::size_t needed) {
    std::vector<char> larger(std::max(needed, room_.size() * 2));
    if (size_ > 0) std::memcpy(larger.data(), room_.data(), size_);
    wipe();
    room_ = std::move(larger);
  }
  void wipe() noexcept {
    if (!room_.empty()) explicit_bzero(room_.data(), room_.size());
  }
  std::vector<char> room_;
  std::size_t size_ = 0;
};

/// Where a request goes, for messages and for choosing a proxy.
struct Place {
  std::string scheme, host, port;
  [[nodiscard]] std::string shown() const { return host + ":" + port; }
};

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  const CurlText owner(text);
  return text;
}

std::optional<Place> place_of(const std::string& text) {
  const Url url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  Place place{part(url.get(), CURLUPART_SCHEME), part(url.get(), CURLUPART_HOST),
              part(url.get(), CURLUPART_PORT)};
  if (place.scheme != "http" && place.scheme != "https") return std::nullopt;
  return place;
}

/// One request under way.
struct Transfer {
  const HttpRequest* request = nullptr;
  Place place;
  Easy easy;
  Lines lines;
  HttpResponse response;
  Gathered body;
  bool too_large = false;
  bool by_proxy = false;
  std::array<char, CURL_ERROR_SIZE> complaint{};
  std::optional<CURLcode> ended;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.too_large = transfer.body.text().size() + count > transfer.request->largest_body;
  if (transfer.too_large) return 0;
  transfer.body.append({bytes, count});
  return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* self) {
  auto& headers = static_cast<Transfer*>(self)->response.headers;
  const std::string_view line(bytes, count);
  if (line.starts_with("HTTP/")) headers.clear();  // those of a "100 Continue" or a proxy
  const auto colon = line.find(':');
  if (colon != std::string_view::npos) {
    headers.emplace_back(lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  }
  return count;
}

Error failure(std::string message, std::string hint = {}) {
  return Error{
      .code = ErrorCode::source_failed, .message = std::move(message), .hint = std::move(hint)};
}

Error interrupted() { return Error{.code = ErrorCode::interrupted, .message = "interrupted"}; }

std::string in_seconds(std::chrono::milliseconds time) {
  return fmt::format("{:g} s", static_cast<double>(time.count()) / 1000);
}

constexpr auto kUnreachableHint =
    "check that this network has a route to it: security groups, a NAT gateway, a VPC endpoint or "
    "a proxy";

long long microseconds_at(CURL* easy, CURLINFO stage) {
  curl_off_t at = 0;
  curl_easy_getinfo(easy, stage, &at);
  return at;
}

/// CURLINFO_CONNECT_TIME stays zero until TLS is done too (libcurl 7.88); the local port does not.
bool is_connected(CURL* easy) {
  long port = 0;
  curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port);
  return port > 0;
}

Error timed_out(const Transfer& transfer) {
  CURL* const easy = transfer.easy.get();
  const Place& place = transfer.place;
  if (microseconds_at(easy, CURLINFO_NAMELOOKUP_TIME_T) == 0) {
    return failure(fmt::format("DNS: no answer about {} within {}", place.host,
                               in_seconds(transfer.request->connect_timeout)),
                   "check the name server of this network");
  }
  if (!is_connected(easy)) {
    return failure(fmt::format("TCP: {} does not answer within {}", place.shown(),
                               in_seconds(transfer.request->connect_timeout)),
                   kUnreachableHint);
  }
  if (place.scheme == "https" && microseconds_at(easy, CURLINFO_APPCONNECT_TIME_T) == 0) {
    return failure(fmt::format("TLS: {} does not finish the handshake within {}", place.shown(),
                               in_seconds(transfer.request->connect_timeout)));
  }
  return failure(fmt::format("HTTP: no complete answer from {} within {}", place.shown(),
                             in_seconds(transfer.request->timeout)));
}

Error not_connected(const Transfer& transfer) {
  long number = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_OS_ERRNO, &number);
  const std::string why =
      number != 0 ? reason_of(static_cast<int>(number)) : std::string(transfer.complaint.data());
  if (transfer.by_proxy) {
    return failure(
        fmt::format("TCP: the proxy for {} cannot be reached: {}", transfer.place.host, why),
        "check https_proxy and http_proxy");
  }
  return failure(fmt::format("TCP: {} cannot be reached: {}", transfer.place.shown(), why),
                 kUnreachableHint);
}

Error tls_failed(const Transfer& transfer, CURLcode code) {
  const std::string_view detail(transfer.complaint.data());
  const bool distrusted = code == CURLE_PEER_FAILED_VERIFICATION;
  return failure(
      fmt::format("TLS: {}: {}", transfer.place.shown(),
                  detail.empty() ? std::string_view(curl_easy_strerror(code)) : detail),
      distrusted ? "if this certificate is right, add its authority to a CA bundle and name it in "
                   "SSL_CERT_FILE"
                 : "");
}

Error failure_of(const Transfer& transfer, CURLcode code) {
  const std::string& host = transfer.place.host;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return failure(fmt::format("DNS: the name {} is not known", host),
                     "check the name (is the region right?) and the name server of this network");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return failure(fmt::format("DNS: the name of the proxy for {} is not known", host),
                     "check https_proxy and http_proxy");
    case CURLE_COULDNT_CONNECT:
      return not_connected(transfer);
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(transfer);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
      return tls_failed(transfer, code);
    default:
      break;
  }
  long by_proxy = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_HTTP_CONNECTCODE, &by_proxy);
  if (by_proxy >= 300) {
    return failure(
        fmt::format("HTTP: the proxy for {} {} (status {})", host,
                    by_proxy == 407 ? "wants a login" : "refuses the way there", by_proxy),
        by_proxy == 407 ? "https_proxy holds it as http://USER:PASSWORD@HOST:PORT"
                        : "check https_proxy, or name the host in no_proxy");
  }
  if (transfer.too_large) {
    return failure(fmt::format("HTTP: {} sends more than {} bytes", transfer.place.shown(),
                               transfer.request->largest_body));
  }
  return failure(
      fmt::format("HTTP: no answer from {}: {}", transfer.place.shown(), curl_easy_strerror(code)));
}

/// Fails on a header that would end its own line, and so could smuggle in others.
Result<Lines> header_lines(const HttpRequest& request) {
  Lines lines;
  const auto add = [&](const std::string& line) {
    lines.reset(curl_slist_append(lines.release(), line.c_str()));
  };
  // No "100-continue" round trip before a large body, and no kind of body but the request's own.
  add("Expect:");
  const bool typed = std::ranges::any_of(request.headers, [](const HttpHeader& header) {
    return equals_ignoring_case(header.name, "content-type");
  });
  if (!typed) add("Content-Type:");
  for (const HttpHeader& header : request.headers) {
    const std::string_view value = header.value.reveal();
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
      return failure(fmt::format("HTTP: the header {} holds a line break", header.name));
    }
    std::string line = header.name + (value.empty() ? ";" : ": ");
    line += value;
    add(line);
    explicit_bzero(line.data(), line.size());
  }
  return lines;
}

void choose_method(CURL* easy, const HttpRequest& request) {
  if (request.method == "GET") return;
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  const std::string_view body = request.body.reveal();
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.empty() ? "" : body.data());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void choose_proxy(Transfer& transfer, const Environment& environment) {
  CURL* const easy = transfer.easy.get();
  const bool never = transfer.request->proxy == Proxy::never;
  const ProxyChoice proxy = never ? ProxyChoice{} : proxy_for(transfer.place.scheme, environment);
  // Set even when empty: libcurl would look into the process's environment otherwise.
  curl_easy_setopt(easy, CURLOPT_PROXY, proxy.url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, proxy.except.c_str());
  transfer.by_proxy = !proxy.url.empty();
}

void choose_trust(const Transfer& transfer, const Environment& environment,
                  const HttpOptions& options) {
  if (transfer.place.scheme != "https") return;
  const std::string bundle = options.ca_bundle.empty()
                                 ? environment.find("SSL_CERT_FILE").value_or("")
                                 : options.ca_bundle;
  if (bundle.empty()) return;
  curl_easy_setopt(transfer.easy.get(), CURLOPT_CAINFO, bundle.c_str());
  curl_easy_setopt(transfer.easy.get(), CURLOPT_CAPATH, nullptr);
}

void set_up(Transfer& transfer, const HttpOptions& options) {
  CURL* const easy = transfer.easy.get();
  const HttpRequest& request = *transfer.request;
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // The end does not wait for a name server that says nothing.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.lines.get());
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.complaint.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  choose_method(easy, request);
}

Result<HttpResponse> answer(Transfer& transfer, CURLcode code) {
  if (code != CURLE_OK) return failure_of(transfer, code);
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  transfer.response.status = static_cast<int>(status);
  transfer.response.body = Secret(transfer.body.text());
  return std::move(transfer.response);
}

}  // namespace

struct CurlClient::Engine {
  Multi multi{curl_multi_init()};

  /// Runs until every transfer has ended or a stop is requested.
  void run(const Interrupt& interrupt) const {
    int running = 1;
    while (running > 0 && !interrupt.requested()) {
      curl_multi_perform(multi.get(), &running);
      note_the_ended();
      curl_waitfd stop{.fd = interrupt.fd(), .events = CURL_WAIT_POLLIN, .revents = 0};
      if (running > 0) curl_multi_poll(multi.get(), &stop, 1, 1000, nullptr);
    }
  }
  void note_the_ended() const {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      void* self = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
      static_cast<Transfer*>(self)->ended = message->data.result;
    }
  }
};

CurlClient::CurlClient(const Environment& environment, const Interrupt& interrupt,
                       HttpOptions options)
    : environment_(environment), interrupt_(interrupt), options_(std::move(options)) {}

CurlClient::~CurlClient() = default;

std::vector<Result<HttpResponse>> CurlClient::send(std::span<const HttpRequest> requests) {
  if (!engine_) {
    engine_ = std::make_unique<Engine>();
    curl_multi_setopt(engine_->multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(options_.connections_per_host));
  }
  const auto prepare = [&](Transfer& transfer) -> Result<void> {
    const auto place = place_of(transfer.request->url);
    if (!place) return failure("HTTP: an address is not an http or https URL");
    transfer.place = *place;
    transfer.lines = DUNLIN_TRY(header_lines(*transfer.request));
    transfer.easy.reset(curl_easy_init());
    set_up(transfer, options_);
    choose_proxy(transfer, environment_);
    choose_trust(transfer, environment_, options_);
    curl_multi_add_handle(engine_->multi.get(), transfer.easy.get());
    return {};
  };

  std::vector<Transfer> transfers(requests.size());  // never grows: libcurl holds their addresses
  std::vector<Result<void>> prepared;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    transfers[i].request = &requests[i];
    prepared.push_back(prepare(transfers[i]));
  }
  engine_->run(interrupt_);

  std::vector<Result<HttpResponse>> answers;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Transfer& transfer = transfers[i];
    if (!prepared[i]) {
      answers.emplace_back(std::move(prepared[i]).error());
      continue;
    }
    answers.push_back(transfer.ended ? answer(transfer, *transfer.ended)
                                     : Result<HttpResponse>(interrupted()));
    curl_multi_remove_handle(engine_->multi.get(), transfer.easy.get());
  }
  return answers;
}

}  // namespace dunlin
