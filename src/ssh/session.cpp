// Every call into libssh is non-blocking; between two of them we wait with poll(), which also sees
// the interrupt. libssh takes all that the socket has before it says "again", so the socket's
// readiness is the right thing to wait for; we still look every second, should it ever not be.
#include "ssh/session.hpp"

#include "base/digest.hpp"
#include "base/handle.hpp"
#include "base/text.hpp"
#include "ssh/dial.hpp"
#include "ssh/private_key.hpp"
#include "ssh/session_state.hpp"
#include "ssh/trust.hpp"

#include <libssh/libssh.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>  // explicit_bzero
#include <utility>

namespace dunlin::ssh {
namespace {

using SshKey = Handle<ssh_key_struct, ssh_key_free>;
constexpr const char* kSignatures =
    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
    "rsa-sha2-512,rsa-sha2-256";

constexpr std::size_t kLargestComplaint =
    4096;  // bytes of standard error kept; the rest is dropped

}  // namespace

std::string last_words(ssh_session session) {
  std::string text = ssh_get_error(session);
  std::ranges::replace(text, '\n', ' ');
  return std::string(trim(text));
}

namespace {

Deadline in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

// Waits until the session's socket is ready. source_failed when the deadline has passed.
Result<void> wait_for_session(ssh_session session, const std::string& host,
                              const Patience& patience) {
  const auto flags = static_cast<unsigned>(ssh_get_poll_flags(session));
  const short events = (flags & SSH_WRITE_PENDING) != 0 ? POLLIN | POLLOUT : POLLIN;
  const Patience slice{.deadline = std::min(patience.deadline, in(std::chrono::seconds(1))),
                       .interrupt = patience.interrupt};
  const bool ready = DUNLIN_TRY(wait_for(ssh_get_fd(session), events, slice));
  if (ready || std::chrono::steady_clock::now() < patience.deadline) return {};
  return Error{.code = ErrorCode::source_failed,
               .message = fmt::format("{} does not answer in time", host),
               .hint = "try again; if it stays so, check the network between here and there"};
}

// Calls until the answer is not `again`, and returns that.
template <class Call>
Result<int> until_done(const SessionState& state, int again, Deadline deadline, Call call) {
  while (true) {
    const int answer = call();
    if (answer != again) return answer;
    DUNLIN_TRY(wait_for_session(state.session.get(), state.host,
                                {.deadline = deadline, .interrupt = state.interrupt}));
  }
}

// The host-key algorithms to ask for, so that the server shows a key that can be compared.
std::string algorithms_of(const std::vector<HostKey>& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) {
    const std::string name = key.type == "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : key.type;
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names.empty() ? kSignatures : join(names, ",");
}

Result<HostKey> host_key_of(ssh_session session) {
  ssh_key raw = nullptr;
  char* text = nullptr;
  if (ssh_get_server_publickey(session, &raw) != SSH_OK)
    return Error{.code = ErrorCode::host_key, .message = "the server showed no host key"};
  const SshKey key(raw);
  if (ssh_pki_export_pubkey_base64(key.get(), &text) != SSH_OK)
    return Error{.code = ErrorCode::host_key, .message = "the server's host key is damaged"};
  HostKey shown{.type = {}, .blob = base64_decode(text).value_or("")};
  ssh_string_free_char(text);
  if (shown.blob.size() > 4)  // four bytes of length, then the type's name
    shown.type = shown.blob.substr(4, static_cast<unsigned char>(shown.blob[3]));
  return shown;
}

// A secret as C wants it, with a zero at the end.
class ZeroEnded {
 public:
  explicit ZeroEnded(const Secret& secret) : bytes_(secret.reveal().size() + 1, '\0') {
    std::ranges::copy(secret.reveal(), bytes_.begin());
  }
  ZeroEnded(const ZeroEnded&) = delete;
  ZeroEnded& operator=(const ZeroEnded&) = delete;
  ~ZeroEnded() { explicit_bzero(bytes_.data(), bytes_.size()); }
  [[nodiscard]] const char* get() const noexcept { return bytes_.data(); }

 private:
  std::vector<char> bytes_;
};

Result<SshKey> import_key(const SessionOptions& options) {
  const KeyWords& words = options.key_words;
  auto normal = normalize_private_key(options.key);
  if (!normal) {
    normal.error().message =
        replace_all(normal.error().message, "the deploy key", "the " + words.name);
    return std::move(normal).error();
  }
  const PrivateKeyText key = *std::move(normal);
  if (key.encrypted && options.passphrase.empty()) {
    return Error{
        .code = ErrorCode::deploy_key,
        .message = fmt::format("the {} is encrypted and there is no passphrase", words.name),
        .hint = fmt::format("set {} to a reference to the secret that holds it",
                            words.passphrase_variable)};
  }
  const ZeroEnded text(key.text);
  const ZeroEnded passphrase(options.passphrase);
  // A null passphrase would let OpenSSL ask on the terminal; an empty one does not.
  ssh_key raw = nullptr;
  if (ssh_pki_import_privkey_base64(text.get(), passphrase.get(), nullptr, nullptr, &raw) !=
      SSH_OK) {
    return Error{.code = ErrorCode::deploy_key,
                 .message = key.encrypted
                                ? fmt::format("the passphrase does not fit the {}", words.name)
                                : fmt::format("the {} is damaged, truncated or of a kind that is "
                                              "not supported",
                                              words.name),
                 .hint = "use an Ed25519, ECDSA or RSA key as ssh-keygen makes it"};
  }
  return SshKey(raw);
}

// "ssh-ed25519 SHA256:…" of the public half: what a forge lists beside a deploy key.
std::string public_half(ssh_key key) {
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &text) != SSH_OK) return "of an unknown kind";
  const HostKey half{.type = ssh_key_type_to_char(ssh_key_type(key)),
                     .blob = base64_decode(text).value_or("")};
  ssh_string_free_char(text);
  return half.type + " " + fingerprint(half);
}

Result<void> configure(ssh_session session, const SessionOptions& options,
                       const std::vector<HostKey>& trusted) {
  const bool no_config = false;
  const auto algorithms = algorithms_of(trusted);
  const unsigned port = options.port;
  // A folder that does not exist: without one libssh looks for a home, which a container's user
  // may not have.
  const std::array<std::pair<ssh_options_e, const void*>, 9> settings = {{
      {SSH_OPTIONS_PROCESS_CONFIG, &no_config},
      {SSH_OPTIONS_SSH_DIR, "/nonexistent"},
      {SSH_OPTIONS_KNOWNHOSTS, "/nonexistent/known_hosts"},
      {SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/nonexistent/known_hosts"},
      {SSH_OPTIONS_HOST, options.host.c_str()},
      {SSH_OPTIONS_PORT, &port},
      {SSH_OPTIONS_USER, options.user.c_str()},
      {SSH_OPTIONS_HOSTKEYS, algorithms.c_str()},
      {SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, kSignatures},
  }};
  for (const auto& [option, value] : settings) {
    if (ssh_options_set(session, option, value) == SSH_OK) continue;
    return Error{.code = ErrorCode::source_failed,
                 .message = fmt::format("cannot prepare the connection to {}: {}", options.host,
                                        last_words(session))};
  }
  ssh_set_blocking(session, 0);
  return {};
}

// Key exchange over a fresh TCP connection, which the session owns from here on.
Result<void> shake_hands(const SessionState& state, const SessionOptions& options) {
  const auto deadline = in(options.connect_timeout);
  socket_t fd = options.socket;
  if (fd < 0) {
    fd = DUNLIN_TRY(
        dial(options.host, options.port, {.deadline = deadline, .interrupt = options.interrupt}));
  }
  auto* const session = state.session.get();
  ssh_options_set(session, SSH_OPTIONS_FD, &fd);
  const int done =
      DUNLIN_TRY(until_done(state, SSH_AGAIN, deadline, [&] { return ssh_connect(session); }));
  if (done == SSH_OK) return {};
  const auto words = last_words(session);
  if (words.contains("host key algo")) {
    return Error{
        .code = ErrorCode::host_key,
        .message = fmt::format("{} has no host key of a trusted kind: {}", state.host, words),
        .hint = "put its key into KNOWN_HOSTS, from where the host's owner publishes it"};
  }
  return Error{.code = ErrorCode::source_failed,
               .message = fmt::format("{} does not speak SSH as expected: {}", state.host, words)};
}

Result<void> authenticate(const SessionState& state, const SessionOptions& options, ssh_key key) {
  auto* const session = state.session.get();
  const int answer = DUNLIN_TRY(until_done(state, SSH_AUTH_AGAIN, in(options.connect_timeout), [&] {
    return ssh_userauth_publickey(session, nullptr, key);
  }));
  if (answer == SSH_AUTH_SUCCESS) return {};
  if (answer == SSH_AUTH_ERROR && ssh_is_connected(session) == 0) {
    return Error{
        .code = ErrorCode::source_failed,
        .message = fmt::format("{} ended the connection: {}", state.host, last_words(session))};
  }
  return Error{.code = ErrorCode::deploy_key,
               .message = fmt::format("{} refused the {} {} for user {}", state.host,
                                      options.key_words.name, public_half(key), options.user),
               .hint = fmt::format("add its public half to {}, or name the secret of the right key",
                                   options.key_words.place)};
}

// Standard input and output of a command on the server.
class CommandStream final : public ByteStream {
 public:
  CommandStream(std::shared_ptr<SessionState> state, SshChannel channel)
      : state_(std::move(state)), channel_(std::move(channel)) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const auto deadline = in(state_->silence_timeout);
    while (true) {
      const int got = ssh_channel_read_nonblocking(channel_.get(), buffer.data(),
                                                   static_cast<std::uint32_t>(buffer.size()), 0);
      take_complaint();
      if (got > 0) return static_cast<std::size_t>(got);
      if (ssh_channel_is_eof(channel_.get()) != 0 || ssh_channel_is_closed(channel_.get()) != 0)
        return 0;
      if (got != 0 && got != SSH_AGAIN) return broken();
      DUNLIN_TRY(wait(deadline));
    }
  }

  Result<void> write(std::string_view bytes) override {
    const auto deadline = in(state_->silence_timeout);
    while (!bytes.empty()) {
      constexpr std::size_t most = 1U << 15U;  // the size of a packet
      const int sent = ssh_channel_write(channel_.get(), bytes.data(),
                                         static_cast<std::uint32_t>(std::min(bytes.size(), most)));
      if (sent < 0 && sent != SSH_AGAIN) return broken();
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (sent <= 0) {
        DUNLIN_TRY(wait(deadline));
      }
    }
    return {};
  }

  std::string complaint() override {
    take_complaint();
    return complaint_;
  }

 private:
  // Reads standard error, also to keep its window open.
  void take_complaint() {
    std::array<char, 1024> buffer{};
    int got = 0;
    while ((got = ssh_channel_read_nonblocking(channel_.get(), buffer.data(), buffer.size(), 1)) >
           0) {
      if (complaint_.size() < kLargestComplaint)
        complaint_.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  Result<void> wait(Deadline deadline) {
    return wait_for_session(state_->session.get(), state_->host,
                            {.deadline = deadline, .interrupt = state_->interrupt});
  }
  [[nodiscard]] Error broken() const {
    return {.code = ErrorCode::source_failed,
            .message = fmt::format("the connection to {} broke: {}", state_->host,
                                   last_words(state_->session.get())),
            .hint = "try again"};
  }

  std::shared_ptr<SessionState> state_;
  SshChannel channel_;  // goes before the session it belongs to
  std::string complaint_;
};

}  // namespace

Session::Session(std::shared_ptr<SessionState> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<Session> Session::connect(SessionOptions options) {
  ssh_init();  // needed where libssh is linked statically; counts its calls
  const auto key = DUNLIN_TRY(import_key(options));
  auto state = std::make_shared<SessionState>();
  state->session.reset(ssh_new());
  state->host = host_and_port(options.host, options.port);
  state->silence_timeout = options.silence_timeout;
  state->interrupt = options.interrupt;
  const auto trusted = options.known_hosts.keys_of(options.host, options.port);
  DUNLIN_TRY(configure(state->session.get(), options, trusted));
  DUNLIN_TRY(shake_hands(*state, options));
  const auto shown = DUNLIN_TRY(host_key_of(state->session.get()));
  DUNLIN_TRY(check_host_key(options.known_hosts, options.host, options.port, shown));
  DUNLIN_TRY(authenticate(*state, options, key.get()));
  return Session(std::move(state));
}

Result<std::unique_ptr<ByteStream>> Session::execute(std::string_view command,
                                                     const Variable& variable) {
  const auto deadline = in(state_->silence_timeout);
  SshChannel channel(ssh_channel_new(state_->session.get()));
  auto* const raw = channel.get();
  const std::string text(command);
  const auto done = [&](auto call) { return until_done(*state_, SSH_AGAIN, deadline, call); };
  bool fine = SSH_OK == DUNLIN_TRY(done([&] { return ssh_channel_open_session(raw); }));
  if (fine && !variable.name.empty()) {
    DUNLIN_TRY(done([&] {
      return ssh_channel_request_env(raw, variable.name.c_str(), variable.value.c_str());
    }));
  }
  fine = fine &&
         SSH_OK == DUNLIN_TRY(done([&] { return ssh_channel_request_exec(raw, text.c_str()); }));
  if (!fine) {
    return Error{.code = ErrorCode::source_failed,
                 .message = fmt::format("{} does not run {}: {}", state_->host, command,
                                        last_words(state_->session.get()))};
  }
  return std::make_unique<CommandStream>(state_, std::move(channel));
}

}  // namespace dunlin::ssh
