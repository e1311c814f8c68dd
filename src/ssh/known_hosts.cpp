#include "ssh/known_hosts.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "ssh/key_lines.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dunlin::ssh {
namespace {

// Published host keys; docs/host-keys.md has the sources. ssh.github.com, altssh.gitlab.com and
// altssh.bitbucket.org are the same servers behind port 443.
constexpr std::string_view kPublished = R"(
github.com,ssh.github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl
github.com,ssh.github.com ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=
github.com,ssh.github.com ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCj7ndNxQowgcQnjshcLrqPEiiphnt+VTTvDP6mHBL9j1aNUkY4Ue1gvwnGLVlOhGeYrnZaMgRK6+PKCUXaDbC7qtbW8gIkhL7aGCsOr/C56SJMy/BCZfxd1nWzAOxSDPgVsmerOBYfNqltV9/hWCqBywINIR+5dIg6JTJ72pcEpEjcYgXkE2YEFXV1JHnsKgbLWNlhScqb2UmyRkQyytRLtL+38TGxkxCflmO+5Z8CSSNY7GidjMIZ7Q4zMjA2n1nGrlTDkzwDCsw+wqFPGQA179cnfGWOWRVruj16z6XyvxvjJwbz0wQZ75XK5tKSb7FNyeIEs4TT4jk+S4dhPeAUC5y+bDYirYgM4GC7uEnztnZyaVWQ7B381AK4Qdrwt51ZqExKbQpTUNn+EjqoTwvqNj4kqx5QUCI0ThS/YkOxJCXmPUWZbhjpCg56i+2aB6CmK2JGhn57K5mj0MNdBXA4/WnwH6XoPWJzK5Nyu2zB3nAZp+S5hpQs+p1vN1/wsjk=
gitlab.com,altssh.gitlab.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAfuCHKVTjquxvt6CM6tdG4SLp1Btn/nOeHHE5UOzRdf
gitlab.com,altssh.gitlab.com ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFSMqzJeV9rUzU4kWitGjeR4PWSa29SPqJ1fVkhtj3Hw9xjLVXVYrU9QlYWrOLXBpQ6KWjbjTDTdDkoohFzgbEY=
gitlab.com,altssh.gitlab.com ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCsj2bNKTBSpIYDEGk9KxsGh3mySTRgMtXL583qmBpzeQ+jqCMRgBqB98u3z++J1sKlXHWfM9dyhSevkMwSbhoR8XIq/U0tCNyokEi/ueaBMCvbcTHhO7FcwzY92WK4Yt0aGROY5qX2UKSeOvuP4D6TPqKF1onrSzH9bx9XUf2lEdWT/ia1NEKjunUqu1xOB/StKDHMoX4/OKyIzuS0q/T1zOATthvasJFoPrAjkohTyaDUz2LN5JoH839hViyEG82yB+MjcFV5MU3N1l1QL3cVUCh93xSaua1N85qivl+siMkPGbO5xR/En4iEY6K2XPASUEMaieWVNTRCtJ4S8H+9
bitbucket.org,altssh.bitbucket.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ4bqs3d63QSMzYVa0MuJ2e2gKTKqu+UUO
bitbucket.org,altssh.bitbucket.org ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPIQmuzMBuKdWeF4+a2sjSSpBK0iqitSQ+5BM9KhpexuGt20JpTVM7u5BDZngncgrqDMbWdxMWWOGtZ9UgbqgZE=
bitbucket.org,altssh.bitbucket.org ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQDQeJzhupRu0u0cdegZIa8e86EG2qOCsIsD1Xw0xSeiPDlCr7kq97NLmMbpKTX6Esc30NuoqEEHCuc7yWtwp8dI76EEEB1VqY9QJq6vk+aySyboD5QF61I/1WeTwu+deCbgKMGbUijeXhtfbxSxm6JwGrXrhBdofTsbKRUsrN1WoNgUa8uqN1Vx6WAJw1JHPhglEGGHea6QICwJOAr/6mrui/oB7pkaWKHj3z7d1IC4KWLtY47elvjbaTlkN04Kc/5LFEirorGYVbt15kAUlqGM65pk6ZBxtaO3+30LVlORZkxOh+LKL/BvbZ/iRNhItLqNyieoQj/uh/7Iv4uyH/cV/0b4WDSd3DptigWq84lJubb9t/DnZlrJazxyDCulTmKdOR7vs9gMTo+uoIrPSb8ScTtvw65+odKAlBj59dhnVp9zd7QUojOpXlL62Aw56U4oO+FALuevvMjiWeavKhJqlR7i5n9srYcrNV7ttmDw7kf/97P5zauIhxcjX+xHv4M=
)";

// `*` and `?` as in ssh_config; other letters without regard to case.
bool fits(std::string_view pattern, std::string_view name) {
  std::size_t star = std::string_view::npos;
  std::size_t star_name = 0;
  std::size_t at = 0;
  std::size_t in_name = 0;
  while (in_name < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_name = in_name;
    } else if (at < pattern.size() && (pattern[at] == '?' || pattern[at] == name[in_name])) {
      ++at;
      ++in_name;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_name = ++star_name;
    } else {
      return false;
    }
  }
  return pattern.substr(at).find_first_not_of('*') == std::string_view::npos;
}

// "|1|salt|hash": HMAC-SHA1 of the name with the salt as its key.
bool fits_hash(std::string_view hashed, std::string_view name) {
  const auto parts = split(hashed, '|');
  if (parts.size() != 4 || parts[1] != "1") return false;
  const auto salt = base64_decode(parts[2]);
  const auto hash = base64_decode(parts[3]);
  return salt && hash && hmac_sha1(*salt, name) == *hash;
}

bool names(std::string_view hosts, std::string_view name) {
  if (hosts.starts_with('|')) return fits_hash(hosts, name);
  bool found = false;
  for (const auto& pattern : split(lower(hosts), ',')) {
    if (pattern.starts_with('!') && fits(std::string_view(pattern).substr(1), name)) return false;
    found = found || fits(pattern, name);
  }
  return found;
}

}  // namespace

std::string fingerprint(const HostKey& key) {
  auto text = base64(sha256(key.blob));
  while (text.ends_with('=')) text.pop_back();
  return "SHA256:" + text;
}

std::string line_of(const HostKey& key) { return key.type + " " + base64(key.blob); }

std::string host_and_port(std::string_view host, std::uint16_t port) {
  return port == 22 ? std::string(host) : fmt::format("[{}]:{}", host, port);
}

KnownHosts KnownHosts::built_in() {
  auto hosts = parse(kPublished);
  return hosts ? *std::move(hosts) : KnownHosts();  // known_hosts_test.cpp reads every line
}

Result<KnownHosts::Line> KnownHosts::parse_line(std::string_view text) {
  Line line;
  auto word = take_word(text);
  if (word.starts_with('@')) {
    if (word != "@revoked" && word != "@cert-authority")
      return bad_line(fmt::format("unknown mark {}", word));
    line.mark = word == "@revoked" ? Mark::revoked : Mark::authority;
    word = take_word(text);
  }
  if (is_key_type(word))
    return bad_line(fmt::format("there is no host before the key type {}", word));
  line.hosts = std::move(word);
  auto type = take_word(text);
  if (!is_key_type(type)) return bad_line("there is no key type after the host");
  line.key = DUNLIN_TRY(take_key(std::move(type), text));
  return line;
}

Result<KnownHosts> KnownHosts::parse(std::string_view text) {
  KnownHosts hosts;
  hosts.lines_ = DUNLIN_TRY(
      read_lines(text, "known hosts",
                 "write lines as in a known_hosts file: HOST ssh-ed25519 AAAA...", parse_line));
  return hosts;
}

void KnownHosts::add(KnownHosts more) {
  std::ranges::move(more.lines_, std::back_inserter(lines_));
}

std::vector<HostKey> KnownHosts::marked(Mark mark, std::string_view host,
                                        std::uint16_t port) const {
  std::vector<HostKey> keys;
  const auto collect = [&](const std::string& name) {
    for (const auto& line : lines_)
      if (line.mark == mark && names(line.hosts, name)) keys.push_back(line.key);
  };
  collect(lower(host_and_port(host, port)));
  if (keys.empty() && port != 22) collect(lower(host));
  return keys;
}

std::vector<HostKey> KnownHosts::keys_of(std::string_view host, std::uint16_t port) const {
  return marked(Mark::none, host, port);
}

bool KnownHosts::is_revoked(std::string_view host, std::uint16_t port, const HostKey& key) const {
  auto revoked = marked(Mark::revoked, host, port);
  if (port != 22) std::ranges::move(marked(Mark::revoked, host, 22), std::back_inserter(revoked));
  return std::ranges::find(revoked, key) != revoked.end();
}

bool KnownHosts::has_authority(std::string_view host, std::uint16_t port) const {
  return !marked(Mark::authority, host, port).empty();
}

}  // namespace dunlin::ssh
