#include "support/pgbouncer.hpp"

#include "base/text.hpp"
#include "support/postgres_server.hpp"

#include <libpq-fe.h>

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace dunlin::test {

PgBouncer::PgBouncer(const std::string& mode) : port_(free_port()) {
  const auto& server = PostgresServer::instance();
  chmod(folder_.path().c_str(), 0777);
  const auto users = folder_.write("users", "\"postgres\" \"\"\n");
  const auto file = folder_.write(
      "pgbouncer.ini",
      fmt::format("[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
                  "listen_port = {}\nunix_socket_dir =\nauth_type = trust\nauth_file = {}\n"
                  "pool_mode = {}\ndefault_pool_size = 2\nlogfile = {}\n"
                  "ignore_startup_parameters = extra_float_digits\n",
                  server.folder(), server.port(), port_, users, mode, folder_ / "log"));
  chmod(file.c_str(), 0644);
  process_ = fork();
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (geteuid() == 0)
      execlp("setpriv", "setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups",
             "--pdeathsig", "KILL", "/usr/sbin/pgbouncer", "-q", file.c_str(), nullptr);
    else
      execlp("/usr/sbin/pgbouncer", "pgbouncer", "-q", file.c_str(), nullptr);
    _exit(127);
  }
  const auto target =
      fmt::format("host=127.0.0.1 port={} dbname=postgres user=postgres sslmode=disable", port_);
  for (int tries = 0; PQping(target.c_str()) != PQPING_OK; ++tries) {
    if (tries > 500 || waitpid(process_, nullptr, WNOHANG) != 0) {
      fmt::print(stderr, "PgBouncer did not start in mode {}\n", mode);
      std::abort();
    }
    poll(nullptr, 0, 20);
  }
}

PgBouncer::~PgBouncer() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

}  // namespace dunlin::test
