#pragma once

#include "base/secret.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// The parameters of one call in AWS's query protocol, as a form in the order in which they were
/// added; keys are the flattened ones, such as "Parameters.member.1.ParameterKey" or, for EC2,
/// "Filter.1.Name". A value may be a secret's text: no copy of it is left behind.
/// Source: AWS's "query protocol" in the Smithy specification, and botocore/serialize.py.
class QueryForm {
 public:
  QueryForm& add(std::string_view key, std::string_view value);
  /// `values` as KEY.1, KEY.2, ...; nothing when there are none.
  QueryForm& add_list(std::string_view key, std::span<const std::string> values);
  /// The form: "Action=DescribeStacks&Version=2010-05-15&StackName=a%2Fb".
  [[nodiscard]] Secret body() const;

 private:
  std::vector<Secret> pieces_;
};

}  // namespace dunlin
