#pragma once

namespace dunlin::sql {

/// Whose rules of quoting and splitting a text follows.
enum class Dialect { postgresql, sqlite };

}  // namespace dunlin::sql
