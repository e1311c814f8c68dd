#pragma once

#include "base/result.hpp"
#include "engine/reports.hpp"
#include "engine/session.hpp"

namespace dunlin {

/// `dunlin info`: what is applied, what is pending. Changes nothing.
Result<InfoReport> info(Session& session);

/// `dunlin migrate`: runs every pending script and stops after the first that fails.
/// A script that fails is an outcome: the report says so, beside those that did succeed and stay
/// applied. An Error means that no script was run.
Result<MigrateReport> migrate(Session& session);

/// `dunlin validate`: do scripts and history fit together? What does not is in the report; the
/// caller makes an error of it with validation_error().
Result<ValidateReport> validate(Session& session);

/// `dunlin baseline`: declares the schema to be at a version, without running anything.
Result<BaselineReport> baseline(Session& session);

/// `dunlin repair`: takes failed rows out of the history, marks what is gone as deleted, and takes
/// checksums, descriptions and types from the files.
Result<RepairReport> repair(Session& session);

/// `dunlin clean`: drops everything in the schemas. clean_disabled unless it is allowed.
Result<CleanReport> clean(Session& session);

/// `dunlin undo`: runs the undo scripts of the newest version, or of all above the target.
Result<MigrateReport> undo(Session& session);

/// The findings as one Error, in Flyway's words.
[[nodiscard]] Error validation_error(const ValidateReport& report);

}  // namespace dunlin
