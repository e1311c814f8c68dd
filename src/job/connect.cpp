#include "job/connect.hpp"

#include "base/text.hpp"
#include "database/postgresql/open.hpp"
#include "database/postgresql/url.hpp"
#include "database/sqlite/open.hpp"
#include "database/url.hpp"

namespace dunlin {
namespace {

Result<std::unique_ptr<Database>> connect_postgresql(const Configuration& configuration,
                                                     const Interrupt& interrupt,
                                                     Progress& progress) {
  postgresql::Url url = DUNLIN_TRY(postgresql::parse_url(configuration.text("url")));
  for (const Note& note : url.notes) progress.hear(Event(note));
  postgresql::Target target = std::move(url.target);
  if (configuration.has("user")) target.parameters.emplace_back("user", configuration.text("user"));
  if (configuration.has("password")) target.password = configuration.secret("password").duplicate();
  if (configuration.has("sslRootCert")) {
    target.parameters.emplace_back("sslrootcert", configuration.text("sslRootCert"));
  }
  postgresql::ConnectOptions options{.target = std::move(target)};
  options.connect_retries = configuration.integer("connectRetries");
  options.connect_retries_interval = configuration.seconds("connectRetriesInterval");
  options.init_sql = configuration.text("initSql");
  options.transactional_lock = configuration.boolean("postgresql.transactional.lock");
  options.shown_url = std::move(url.shown);
  options.interrupt = &interrupt;
  return postgresql::open(std::move(options), progress);
}

Result<std::unique_ptr<Database>> connect_sqlite(const Configuration& configuration,
                                                 const Interrupt& interrupt, Progress& progress) {
  sqlite::OpenOptions options{.url = DUNLIN_TRY(sqlite::parse_url(configuration.text("url"))),
                              .only_look = !configuration.text("dryRunOutput").empty(),
                              .init_sql = configuration.text("initSql"),
                              .interrupt = &interrupt};
  return sqlite::open(options, progress);
}

}  // namespace

Result<void> check_url(const Configuration& configuration) {
  if (configuration.text("url").empty()) {
    return Error{.code = ErrorCode::configuration,
                 .message =
                     "Unable to connect to the database. Configure the url, user and "
                     "password!",
                 .hint =
                     "set -url, FLYWAY_URL or flyway.url, for example "
                     "jdbc:postgresql://localhost:5432/app or jdbc:sqlite:app.db"};
  }
  DUNLIN_TRY(kind_of_url(configuration.text("url")));
  return {};
}

Result<std::unique_ptr<Database>> connect(const Configuration& configuration,
                                          const Interrupt& interrupt, Progress& progress) {
  DUNLIN_TRY(check_url(configuration));
  switch (DUNLIN_TRY(kind_of_url(configuration.text("url")))) {
    case UrlKind::postgresql:
      return connect_postgresql(configuration, interrupt, progress);
    case UrlKind::sqlite:
      break;
  }
  return connect_sqlite(configuration, interrupt, progress);
}

}  // namespace dunlin
