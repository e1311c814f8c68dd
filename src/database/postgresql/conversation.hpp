#pragma once

#include "database/postgresql/link.hpp"

#include <functional>
#include <string_view>

namespace dunlin::postgresql {

/// Sends one text by the simple protocol, outside of pipeline mode, and hands every result to
/// `handle`. COPY FROM STDIN gets `data`; a COPY TO STDOUT is read and thrown away.
/// A stop that is requested cancels it, and closes the socket if there is no answer in 4 s.
/// After it link.alive() tells if the conversation came to its end.
void converse(Link& link, std::string_view text, std::string_view data,
              const std::function<void(pg_result&)>& handle);

}  // namespace dunlin::postgresql
