#pragma once

#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::fargate {

/// A JSON object that grows field by field, in the order in which they are added.
class Document {
 public:
  Document& add(std::string_view name, std::string_view text);
  /// null when it is empty.
  Document& add_if(std::string_view name, std::string_view text);
  Document& add(std::string_view name, std::optional<int> number);
  Document& add(std::string_view name, const std::vector<std::string>& texts);
  Document& add(std::string_view name, const std::vector<Document>& objects);
  /// As the documents of other commands show a failure; nothing when there is none.
  Document& add(const std::optional<Error>& error);
  /// One line for each field.
  [[nodiscard]] std::string text() const;

 private:
  Document& put(std::string_view name, std::string value);
  [[nodiscard]] std::string object() const;
  std::vector<std::string> fields_;
};

}  // namespace dunlin::fargate
