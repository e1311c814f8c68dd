#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace dunlin::sqlite {

/// Hears how many pages are copied, of how many.
using Copied = std::function<void(std::uint64_t done, std::uint64_t all)>;

/// Copies a whole database into another by SQLite's online backup: others may go on reading and
/// writing the first, and what is copied is one state of it. The second then holds nothing else; it
/// is changed in one transaction, or not at all. Waits up to `patience` for a program that writes.
/// @param from  a file, which has to be there
/// @param to  a file; made if it is missing
/// database_unreachable, table_lock_timeout, sql_failed, interrupted.
Result<void> copy(const std::string& from, const std::string& to, const Interrupt& interrupt,
                  const Copied& copied);

/// Does the file hold a table or anything else? One that is missing does not.
Result<bool> holds_something(const std::string& path, const Interrupt& interrupt);

}  // namespace dunlin::sqlite
