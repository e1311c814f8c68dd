#pragma once

#include "database/database.hpp"

#include <string_view>

/// What `repair` and others change in the history table, in SQL that every database understands.
/// `table` is its name as Database::quoted() gives it.
namespace dunlin {

[[nodiscard]] Query delete_row(std::string_view table, std::int32_t rank);
/// Description, type and checksum of the row with `row`'s rank become those of `row`.
[[nodiscard]] Query align_row(std::string_view table, const HistoryRow& row);
/// A row that was written as failed says success.
[[nodiscard]] Query succeed_row(std::string_view table, std::int32_t rank);

}  // namespace dunlin
