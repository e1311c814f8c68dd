#pragma once

#include "aws/credential_link.hpp"
#include "aws/edges.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// What a profile's credential_process prints (JSON, Version 1). The program is started without a
/// shell; its standard error goes to ours.
[[nodiscard]] Result<AwsCredentials> process_credentials(const AwsEdges& edges,
                                                         std::string_view command);

/// Words of a command line: blanks separate, single and double quotes and backslashes protect.
[[nodiscard]] std::vector<std::string> command_words(std::string_view command);

}  // namespace dunlin
