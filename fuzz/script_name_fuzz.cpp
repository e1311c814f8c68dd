#include "migration/script_name.hpp"

#include "fuzz.hpp"

using dunlin::fuzz::require;
using namespace dunlin;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto file = fuzz::text(data, size);
  for (const NamingOptions& options :
       {NamingOptions{}, NamingOptions{.sql_prefix = "", .separator = "-", .suffixes = {"", ".x"}},
        NamingOptions{.repeatable_prefix = "V", .separator = ""}}) {
    const ScriptName name = parse_script_name(file, options);
    if (const auto* migration = std::get_if<MigrationName>(&name)) {
      require(migration->version.has_value() == (migration->kind != ScriptKind::repeatable));
    } else if (const auto* callback = std::get_if<CallbackName>(&name)) {
      require(file.starts_with(callback->name));
    } else if (const auto* invalid = std::get_if<InvalidName>(&name)) {
      require(invalid->reason.contains(file));
    }
  }
  return 0;
}
