#pragma once

#include "base/handle.hpp"
#include "base/interrupt.hpp"

#include <libssh/libssh.h>

#include <chrono>
#include <string>

/// What the sources of this room share of a session, with libssh's objects in it.
namespace dunlin::ssh {

using SshChannel = Handle<ssh_channel_struct, ssh_channel_free>;

inline void end_session(ssh_session session) noexcept {
  ssh_disconnect(session);
  ssh_free(session);
}
using SshSession = Handle<ssh_session_struct, end_session>;

struct SessionState {
  SshSession session;
  std::string host;  // for messages: "host" or "[host]:port"
  std::chrono::milliseconds silence_timeout{};
  const Interrupt* interrupt = nullptr;
};

/// One line of what libssh has to say.
[[nodiscard]] std::string last_words(ssh_session session);

}  // namespace dunlin::ssh
