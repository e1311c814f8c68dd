#pragma once

#include "base/environment.hpp"
#include "base/result.hpp"
#include "database/postgresql/open.hpp"

namespace dunlin::postgresql {

/// Names the authorities that the server's certificate must lead to, where nobody else does.
///
/// libpq 15 knows only `sslrootcert` and ~/.postgresql/root.crt; where neither is there,
/// verify-full takes the system's bundle: $SSL_CERT_FILE, else the file of the distribution. If
/// that is not there either it is left to libpq, which says so. Only verify-full: to any weaker
/// mode the certificate of a stranger is as good as the server's. `sslrootcert=system` is that
/// bundle whatever else is there; as in libpq 16 it makes verify-full the default and bears no
/// weaker mode: Error `configuration`.
/// @param environment  for PGSSLMODE, PGSSLROOTCERT, HOME and SSL_CERT_FILE
Result<void> choose_roots(Parameters& parameters, const Environment& environment);

}  // namespace dunlin::postgresql
