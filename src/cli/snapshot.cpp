#include "cli/snapshot.hpp"

#include "base/text.hpp"
#include "report/table.hpp"

#include <nlohmann/json.hpp>

namespace dunlin {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Snapshot& snapshot) {
  return {{"name", snapshot.name},
          {"place", snapshot.place},
          {"state", snapshot.state},
          {"madeAt", snapshot.made_at},
          {"size", snapshot.size}};
}

void answer(const Reporting& reporting, const Json& json) {
  reporting.output.answer(json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

std::string table_of(const std::vector<Snapshot>& snapshots) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(snapshots.size());
  for (const Snapshot& each : snapshots) {
    rows.push_back({each.name, each.state, each.made_at, each.size});
  }
  return ascii_table({"Snapshot", "State", "Made at (UTC)", "Size"}, rows, "No snapshots found");
}

Result<int> create(Snapshots& snapshots, const Reporting& reporting) {
  const Snapshot taken = DUNLIN_TRY(snapshots.create({}));
  if (reporting.json) {
    answer(reporting, {{"operation", "snapshot create"}, {"snapshot", json_of(taken)}});
    return 0;
  }
  const std::string size = taken.size.empty() ? "" : fmt::format(" ({})", taken.size);
  reporting.output.info(
      fmt::format("Snapshot {} is complete{}: {}", taken.name, size, taken.place));
  return 0;
}

Result<int> list(Snapshots& snapshots, const Reporting& reporting) {
  const auto all = DUNLIN_TRY(snapshots.list());
  if (!reporting.json) {
    reporting.output.answer(table_of(all) + '\n');
    return 0;
  }
  Json rows = Json::array();
  for (const Snapshot& each : all) rows.push_back(json_of(each));
  answer(reporting, {{"operation", "snapshot list"}, {"snapshots", rows}});
  return 0;
}

Result<int> restore(Snapshots& snapshots, const std::string& name, const RestoreOptions& options,
                    const Reporting& reporting) {
  const Restored made = DUNLIN_TRY(snapshots.restore(name, options));
  if (reporting.json) {
    answer(reporting, {{"operation", "snapshot restore"},
                       {"snapshot", name},
                       {"restored", made.what},
                       {"endpoint", made.endpoint}});
    return 0;
  }
  const std::string endpoint = made.endpoint.empty() ? "" : fmt::format(", at {}", made.endpoint);
  reporting.output.info(fmt::format("Restored {} as {}{}", name, made.what, endpoint));
  return 0;
}

}  // namespace

Result<int> run_snapshot(std::string_view command, const std::optional<std::string>& operand,
                         const SnapshotNeeds& needs,
                         const std::function<Result<std::unique_ptr<Database>>()>& open,
                         const Reporting& reporting) {
  std::unique_ptr<Database> database;
  const auto session = [&]() -> Result<Database*> {
    if (!database) database = DUNLIN_TRY(open());
    return database.get();
  };
  const auto snapshots = DUNLIN_TRY(snapshots_of(needs, session));
  if (command == "snapshot create") return create(*snapshots, reporting);
  if (command == "snapshot list") return list(*snapshots, reporting);
  const Configuration& configuration = needs.configuration;
  return restore(*snapshots, operand.value_or(""),
                 {.to = configuration.text("into"), .replace = configuration.boolean("replace")},
                 reporting);
}

}  // namespace dunlin
