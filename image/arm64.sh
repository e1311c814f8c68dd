#!/usr/bin/env bash
# Cross-compiles the static program for arm64 in a Debian of its own, build/arm64, so that the machine's own list of
# architectures stays as it is. As root, since that takes a chroot. The first time it downloads about 300 MB.
#   image/arm64.sh      build/arm64/src/dunlin; runs its `version` with qemu
set -euo pipefail
. "$(dirname "$0")/../script/lib.sh"

debian=$PWD/build/arm64
[ "$(id -u)" = 0 ] || fail "needs root, for a chroot"

# The libraries are those of BUILD_PACKAGES for arm64; the tools, and headers alone, are this machine's.
packages() {
  local package
  printf '%s\n' ca-certificates cmake ninja-build pkg-config g++-aarch64-linux-gnu qemu-user-static
  for package in "${BUILD_PACKAGES[@]}"; do
    case $package in
      g++ | cmake | ninja-build | pkg-config | ca-certificates) ;;
      postgresql-server-dev-15) ;;  # cannot be installed beside a foreign compiler: unpacked below
      nlohmann-json3-dev) echo "$package" ;;
      *) echo "$package:arm64" ;;
    esac
  done
}

make_debian() {
  local sources=/etc/apt/sources.list.d/debian.sources
  [ -f "$sources" ] || sources=/etc/apt/sources.list
  say "making a Debian with arm64's libraries in build/arm64"
  rm -rf "$debian"
  mmdebstrap --quiet --variant=minbase --architectures=amd64,arm64 --include="$(packages | paste -sd,)" \
    --customize-hook='chroot "$1" sh -c "cd /tmp && apt-get download -q=2 postgresql-server-dev-15:arm64 &&
      dpkg -x postgresql-server-dev-15_*.deb server && mkdir -p /usr/lib/postgresql/15/lib &&
      cp server/usr/lib/postgresql/15/lib/*.a /usr/lib/postgresql/15/lib"' \
    bookworm "$debian" "$sources"
  touch "$debian/complete"
}

need mmdebstrap
mkdir -p build
[ -f "$debian/complete" ] || make_debian
mkdir -p "$debian/src"
# Only what is newer, so that ninja builds only that.
git ls-files -z CMakeLists.txt CMakePresets.json cmake src deploy/cloudformation | xargs -0 cp --update --parents --target-directory "$debian/src"
say "cross-compiling"
chroot "$debian" sh -c 'cd /src && { [ -f build/static-arm64/build.ninja ] || cmake --preset static-arm64 > /dev/null; } &&
  cmake --build build/static-arm64 --target dunlin && aarch64-linux-gnu-strip -o dunlin build/static-arm64/dunlin'
chroot "$debian" qemu-aarch64-static /src/dunlin version
