# Shared by the scripts of this folder: source it after `set -euo pipefail`.
# Needs bash and what every Debian has; whatever else a script wants, it names with `need`.

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

BUILD_PACKAGES=(g++ cmake ninja-build pkg-config ca-certificates libpq-dev postgresql-server-dev-15
  libcurl4-openssl-dev libssh-dev libsqlite3-dev libssl-dev zlib1g-dev libnghttp2-dev libidn2-dev
  libunistring-dev libpsl-dev libzstd-dev libbrotli-dev libssh2-1-dev libfmt-dev
  libexpat1-dev nlohmann-json3-dev libtomlplusplus-dev)
TEST_PACKAGES=(python3-venv sqlite3 openssl curl jq openssh-server git postgresql-15 pgbouncer ssl-cert
  libgtest-dev libpg-query-dev libdeflate-tools)
LINT_PACKAGES=(clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev libclang-19-dev llvm-19-dev)

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi

say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo > /dev/null; then sudo "$@"
  else fail "installing packages needs root: run it as root, or install sudo"; fi
}

# need PACKAGE...: installs those that are missing; says and does nothing when all are there.
need() {
  local missing
  missing=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2> /dev/null | sed -n 's/^installed //p' || true)
  missing=$(printf '%s\n' "$@" | grep -vxF -e "$missing" || true)
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2086  # one word a package
  set -- $missing
  say "installing $# packages: $*"
  services_stay_off
  as_root apt-get update -q=2 || fail "apt-get update failed: is there a network?"
  # Root's own shell opens descriptor 3: sudo would close it. It is a pipe that apt does not wait for,
  # so nothing but apt may write to it.
  : > build/apt.log
  # shellcheck disable=SC2016  # $@ is for that shell
  as_root env DEBIAN_FRONTEND=noninteractive sh -c 'exec apt-get install -y -q=2 --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o APT::Status-Fd=3 "$@" 3>&1 > build/apt.log 2>&1 < /dev/null' sh "$@" | apt_progress ||
    { tail -n 20 build/apt.log >&2; fail "apt-get could not install them; all it said is in build/apt.log"; }
  services_as_before
}

# The tests start their own servers. A package's must not be started beside them, on a port that
# may be somebody's: Debian asks this file before it starts a service.
services_stay_off() {
  mkdir -p build
  [ ! -e /usr/sbin/policy-rc.d ] || return 0
  trap services_as_before EXIT
  printf '#!/bin/sh\n# by dunlin, while it installs packages\nexit 101\n' > build/policy-rc.d
  as_root install -m 755 build/policy-rc.d /usr/sbin/policy-rc.d
}
services_as_before() {
  ! grep -qs 'by dunlin' /usr/sbin/policy-rc.d || as_root rm -f /usr/sbin/policy-rc.d
  trap - EXIT
}

# Lines of apt's status, such as "pmstatus:cmake:41.7:Unpacking cmake", as one line that moves;
# where nobody watches, as a line for each quarter.
apt_progress() {
  local kind percent text shown=-1 what
  while IFS=: read -r kind _ percent text; do
    case $kind in dlstatus) what=downloading ;; pmstatus) what=installing ;; *) continue ;; esac
    percent=${percent%%.*}
    if [ -t 1 ]; then printf '\r\e[K    %s %3s%% %s%.60s%s' "$what" "$percent" "$dim" "$text" "$plain"
    elif [ "$what ${percent:0:3}" != "$shown" ] && [ $((percent % 25)) = 0 ]; then
      shown="$what $percent"; printf '    %s %s%%\n' "$what" "$percent"
    fi
  done
  [ ! -t 1 ] || printf '\r\e[K'
}

# build_preset PRESET [ARGUMENT...]: configures once, and when presets changed, and builds; ninja itself sees
# what else changed.
# The arguments are ninja's: targets, options.
build_preset() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
    say "configuring build/$preset"
    cmake --preset "$preset" > "build/$preset.log" 2>&1 || { cat "build/$preset.log" >&2; fail "cmake failed"; }
    touch "build/$preset/build.ninja"
  fi
  say "building build/$preset"
  cmake --build "build/$preset" -- "$@"
}

# build/venv with the pinned packages of tests/requirements.txt; made anew when they change.
python_environment() {
  local venv=build/venv
  ! cmp -s tests/requirements.txt "$venv/requirements.txt" || return 0
  say "installing Python packages of the tests"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/requirements.txt
  cp tests/requirements.txt "$venv/requirements.txt"
}

# go_tool MODULE VERSION: build/tools/NAME from the module's sources, where there is Go and a network. A test that
# wants a tool that is not there is skipped, and says which.
go_tool() {
  local name=${1##*/} stamp
  stamp=build/tools/.$name-$2
  [ ! -e "$stamp" ] && command -v go > /dev/null || return 0
  say "building $name $2"
  mkdir -p build/tools
  if GOBIN=$PWD/build/tools GOFLAGS=-modcacherw go install "$1@$2" > build/tools/go.log 2>&1; then : > "$stamp"
  else say "$name was not built, build/tools/go.log says why; its tests are skipped"; fi
}

# The tests in pytest: those that run the program, which .ci/run runs with the release binary too, and the others.
PROGRAM_TESTS=(tests/scenarios tests/job tests/fargate tests/snapshot)
OTHER_TESTS=(tests/compat/differential tests/deploy tests/image/test_archive.py)

# run_pytest ARGUMENT...: three at a time, since they wait more than they compute; each of the three
# processes starts servers of its own.
run_pytest() { build/venv/bin/python -m pytest -q -p no:cacheprovider -n 3 --dist worksteal "$@"; }
