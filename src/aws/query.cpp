#include "aws/query.hpp"

#include "base/join_secrets.hpp"
#include "base/text.hpp"

namespace dunlin {

QueryForm& QueryForm::add(std::string_view key, std::string_view value) {
  std::string encoded = percent_encode(value);
  pieces_.emplace_back(fmt::format("{}{}=", pieces_.empty() ? "" : "&", key));
  pieces_.emplace_back(encoded);
  explicit_bzero(encoded.data(), encoded.size());
  return *this;
}

QueryForm& QueryForm::add_list(std::string_view key, std::span<const std::string> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    add(fmt::format("{}.{}", key, i + 1), values[i]);
  }
  return *this;
}

Secret QueryForm::body() const { return joined(pieces_); }

}  // namespace dunlin
