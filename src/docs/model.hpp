#pragma once

#include <string>
#include <vector>

/// What a schema holds, as plain values. Texts are those of the database, nothing escaped; an empty
/// text means that there is none.
namespace dunlin::docs {

struct Column {
  std::string name, type;
  bool is_nullable = true;
  std::string otherwise;  ///< its default, an identity or a generated column's expression, as SQL
  std::string comment;
};

/// A primary key, or columns that are unique together.
struct Key {
  std::string name;  ///< SQLite has none
  std::vector<std::string> columns;
  std::string comment;
};

struct ForeignKey {
  std::string name;
  std::vector<std::string> columns;
  std::string schema;  ///< of the table it refers to; empty: the same
  std::string table;
  std::vector<std::string> refers_to;  ///< columns there; empty: its primary key
  std::string actions;                 ///< "ON DELETE CASCADE DEFERRABLE"
  std::string comment;
};

/// Anything else with a name and a definition, as SQL.
struct Part {
  std::string name, definition, comment;
};

struct Table {
  std::string name, comment;
  std::string kind;  ///< what a plain table is not: "partitioned by RANGE (at)", "foreign"
  std::vector<Column> columns;
  Key primary;  ///< without columns: there is none
  std::vector<Key> uniques;
  std::vector<ForeignKey> foreign_keys;
  std::vector<Part> checks, exclusions, indexes, triggers;
};

struct View {
  std::string name, comment, definition;
  bool is_materialized = false;
  std::vector<Column> columns;
  std::vector<Part> indexes, triggers;
};

struct Function {
  std::string kind;  ///< "function", "procedure", "aggregate", "window function"
  std::string name, arguments, result, language, comment;
};

struct Enum {
  std::string name, comment;
  std::vector<std::string> labels;  ///< in their own order
};

struct Domain {
  std::string name, type, otherwise, comment;
  bool is_nullable = true;
  std::vector<Part> checks;
};

/// A row type that no table has.
struct Composite {
  std::string name, comment;
  std::vector<Column> columns;
};

/// One that belongs to no column.
struct Sequence {
  std::string name, type, range, comment;  ///< range: "from 1 by 1, 1 to 100, cycle"
};

struct Schema {
  std::string name, comment;
  std::vector<Table> tables;
  std::vector<View> views;
  std::vector<Function> functions;
  std::vector<Enum> enums;
  std::vector<Domain> domains;
  std::vector<Composite> composites;
  std::vector<Sequence> sequences;
};

/// Puts everything that has no order of its own into that of its bytes, so that neither the
/// server's locale nor the age of an object shows. Columns and labels stay as they are.
void sort(Schema& schema);

}  // namespace dunlin::docs
