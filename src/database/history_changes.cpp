#include "database/history_changes.hpp"

#include "base/text.hpp"

namespace dunlin {

Query delete_row(std::string_view table, std::int32_t rank) {
  return {.text = fmt::format(R"(DELETE FROM {} WHERE "installed_rank" = $1)", table),
          .parameters = {std::to_string(rank)}};
}

Query align_row(std::string_view table, const HistoryRow& row) {
  const auto checksum = row.checksum ? std::optional(std::to_string(*row.checksum)) : std::nullopt;
  return {.text = fmt::format(R"(UPDATE {} SET "description" = $1, "type" = $2, "checksum" = $3 )"
                              R"(WHERE "installed_rank" = $4)",
                              table),
          .parameters = {row.description, row.type, checksum, std::to_string(row.installed_rank)}};
}

Query succeed_row(std::string_view table, std::int32_t rank) {
  return {.text = fmt::format(R"(UPDATE {} SET "success" = $1 WHERE "installed_rank" = $2)", table),
          .parameters = {"1", std::to_string(rank)}};
}

}  // namespace dunlin
