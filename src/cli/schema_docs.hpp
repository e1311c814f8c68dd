#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "database/database.hpp"
#include "job/perform.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace dunlin {

/// Opens the database, and makes none: a SQLite file that is not there holds nothing to document.
using OpenDatabase = std::function<Result<std::unique_ptr<Database>>()>;

/// `dunlin docs`: the schemas of the configuration as Markdown, printed or, with option `into`,
/// between the markers of a file. Nothing of the database is changed.
/// @param here  where a relative `into` starts
/// @returns 0. validation with option `check` and a file that shows another schema;
///   configuration for a file without its markers, for JSON and for a schema that is not there
Result<int> write_docs(const Configuration& configuration, const std::filesystem::path& here,
                       const OpenDatabase& open, const Reporting& reporting);

}  // namespace dunlin
