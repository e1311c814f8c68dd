#include "http/client.hpp"

#include <algorithm>

namespace dunlin {

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  const auto found = std::ranges::find_if(
      headers, [&](const auto& each) { return std::string_view(each.first) == name; });
  return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

Result<HttpResponse> HttpClient::send_one(const HttpRequest& request) {
  auto answers = send(std::span(&request, 1));
  return std::move(answers.front());
}

}  // namespace dunlin
