#include "docs/model.hpp"

#include <algorithm>
#include <tuple>

namespace dunlin::docs {
namespace {

void sort(std::vector<Part>& parts) {
  std::ranges::sort(parts, {}, [](const Part& p) { return std::tie(p.name, p.definition); });
}

void sort(Table& table) {
  std::ranges::sort(table.uniques, {}, [](const Key& k) { return std::tie(k.name, k.columns); });
  std::ranges::sort(table.foreign_keys, {}, [](const ForeignKey& k) {
    return std::tie(k.name, k.columns, k.schema, k.table, k.refers_to, k.actions);
  });
  sort(table.checks);
  sort(table.exclusions);
  sort(table.indexes);
  sort(table.triggers);
}

}  // namespace

void sort(Schema& schema) {
  std::ranges::sort(schema.tables, {}, &Table::name);
  std::ranges::for_each(schema.tables, [](Table& table) { sort(table); });
  std::ranges::sort(schema.views, {}, &View::name);
  for (View& view : schema.views) {
    sort(view.indexes);
    sort(view.triggers);
  }
  std::ranges::sort(schema.functions, {},
                    [](const Function& f) { return std::tie(f.name, f.arguments, f.kind); });
  std::ranges::sort(schema.enums, {}, &Enum::name);
  std::ranges::sort(schema.domains, {}, &Domain::name);
  for (Domain& domain : schema.domains) sort(domain.checks);
  std::ranges::sort(schema.composites, {}, &Composite::name);
  std::ranges::sort(schema.sequences, {}, &Sequence::name);
}

}  // namespace dunlin::docs
