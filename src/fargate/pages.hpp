#pragma once

#include "aws/query.hpp"
#include "base/result.hpp"
#include "fargate/context.hpp"

#include <functional>
#include <string>

namespace dunlin::fargate {

/// A question of the query protocol whose answer comes in pages.
struct PagedQuestion {
  AwsService service;
  std::string operation;                 ///< "DescribeStackEvents"
  std::string token;                     ///< what leads to the next page: "NextToken", "Marker"
  std::string failing;                   ///< see AwsApi::ask
  std::function<void(QueryForm&)> fill;  ///< adds the parameters, for each page anew
};

/// Whether the next page is wanted.
enum class Go { on, no_further };

/// Calls `visit` with the result of each page. Whatever says that it goes on after a thousand pages
/// is aws_failed.
Result<void> each_page(const Context& context, const PagedQuestion& question,
                       const std::function<Go(const XmlNode& result)>& visit);

}  // namespace dunlin::fargate
