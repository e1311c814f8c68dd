#include "git/fetch.hpp"

#include "base/text.hpp"
#include "git/advertisement.hpp"
#include "git/pack.hpp"
#include "git/pkt_line.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace dunlin::git {
namespace {

constexpr std::string_view kAgent = "agent=dunlin";

// What one fetch asks for.
struct Request {
  std::vector<ObjectId> ids;
  bool whole_history = false;
  bool only_folders = false;
};

Error failed(std::string message) {
  return {.code = ErrorCode::source_failed, .message = std::move(message)};
}

// Only what the server has offered may be asked for.
std::string capabilities_for(const Advertisement& server) {
  std::string text = " side-band-64k";
  for (const auto* const name : {"ofs-delta", "no-progress", "object-format=sha1"})
    if (server.has(name)) text += fmt::format(" {}", name);
  return text + fmt::format(" {}", kAgent);
}

std::string request_v0(const Advertisement& server, const Request& request) {
  std::string text;
  for (const auto& id : request.ids) {
    text += packet(fmt::format("want {}{}\n", id.text(),
                               text.empty() ? capabilities_for(server) : std::string()));
  }
  if (!request.whole_history && server.has("shallow")) text += packet("deepen 1\n");
  return text + std::string(kFlush) + packet("done\n");
}

std::string request_v2(const Advertisement& server, const Request& request) {
  auto text = packet("command=fetch") + packet(kAgent);
  if (server.has("object-format=sha1")) text += packet("object-format=sha1");
  text += kDelimiter;
  for (const auto* const line : {"ofs-delta\n", "no-progress\n"}) text += packet(line);
  for (const auto& id : request.ids) text += packet(fmt::format("want {}\n", id.text()));
  if (!request.whole_history) text += packet("deepen 1\n");
  if (request.only_folders) text += packet("filter blob:none\n");
  return text + packet("done\n") + std::string(kFlush);
}

std::string request_refs(const Advertisement& server, std::string_view asked) {
  auto text = packet("command=ls-refs") + packet(kAgent);
  if (server.has("object-format=sha1")) text += packet("object-format=sha1");
  text += kDelimiter;
  text += packet("ref-prefix refs/heads/\n") + packet("ref-prefix refs/tags/\n");
  if (asked.starts_with("refs/") || asked == "HEAD")
    text += packet(fmt::format("ref-prefix {}\n", asked));
  text += packet("symrefs\n");
  return text + std::string(kFlush);
}

// Everything before the pack: the new edges of history, and in version 2 names of sections.
Result<void> skip_to_pack(PacketReader& reader, int version) {
  while (true) {
    const auto packet = DUNLIN_TRY(reader.next());
    const auto line = packet.line();
    if (version == 2 ? line == "packfile" : line == "NAK") return {};
    if (version != 2 && packet.is_data() && !line.starts_with("shallow ") &&
        !line.starts_with("unshallow "))
      return failed(fmt::format("the Git server answered '{}' to a fetch", line.substr(0, 60)));
    if (packet.kind == Packet::Kind::end)
      return failed("the Git server ended the conversation too early");
  }
}

// Side-band: the first byte says whether the pack, progress or an error follows.
Result<std::string> read_pack(PacketReader& reader) {
  std::string pack;
  while (true) {
    const auto packet = DUNLIN_TRY(reader.next());
    if (!packet.is_data()) return pack;
    const auto band = packet.data.empty() ? '\0' : packet.data.front();
    if (band == '\1') pack.append(packet.data, 1);
    if (band == '\3')
      return failed(fmt::format("the Git server says: {}", trim(packet.line().substr(1))));
  }
}

Error beyond(Error error, std::string_view what, std::size_t limit) {
  if (error.message.ends_with(kBeyond)) {
    error.message =
        fmt::format("the repository is too large: {} beyond the limit of {} bytes", what, limit);
    error.hint = "keep migrations in a repository of their own";
  }
  return error;
}

class Conversation : public std::enable_shared_from_this<Conversation> {
 public:
  Conversation(std::shared_ptr<Remote> remote, std::string_view asked, const Limits& limits)
      : owned_(std::move(remote)), remote_(*owned_), asked_(asked), limits_(limits) {}

  Result<Fetched> run(Wish wish) {
    const bool by_id = ObjectId::parse(asked_).has_value();
    DUNLIN_TRY(start(by_id ? Protocol::v2 : Protocol::v0));
    if (wish == Wish::all_files || !server_.can_filter()) return run_whole(limits_.pack);
    auto whole = run_whole(std::min(limits_.whole, limits_.pack));
    if (whole || !whole.error().message.ends_with(kBeyond)) return whole;
    return run_parted();
  }

  Result<Objects> more(const std::vector<ObjectId>& blobs) {
    return blobs.empty() ? Objects() : fetch({.ids = blobs, .whole_history = true}, limits_.pack);
  }

 private:
  Result<Fetched> run_whole(std::size_t most) {
    const auto wanted = DUNLIN_TRY(end_on_error(choose(server_.refs, asked_)));
    return fetched(wanted, fetch(request_for(wanted), most));
  }

  // Begins anew; the server that sent too much is not listened to any more.
  Result<Fetched> run_parted() {
    DUNLIN_TRY(start(Protocol::v2));
    if (server_.version != 2 || !server_.can_filter()) return run_whole(limits_.pack);
    const auto wanted = DUNLIN_TRY(end_on_error(choose(server_.refs, asked_)));
    auto request = request_for(wanted);
    request.only_folders = true;
    auto result = DUNLIN_TRY(fetched(wanted, fetch(request, limits_.pack)));
    result.more = [self = shared_from_this()](const auto& blobs) { return self->more(blobs); };
    return result;
  }

  [[nodiscard]] Result<Fetched> fetched(const Wanted& wanted, Result<Objects> objects) const {
    if (!objects) return is_missing(wanted, objects.error()) ? no_such_commit() : objects.error();
    if (!objects->contains(wanted.id)) return no_such_commit();
    return Fetched{.ref = wanted.name, .id = wanted.id, .objects = *std::move(objects), .more = {}};
  }

  Result<void> start(Protocol protocol) {
    DUNLIN_TRY(remote_.start(protocol));
    PacketReader reader(remote_.answer(), limits_.refs);
    auto server = read_advertisement(reader, remote_.is_http());
    if (!server) return beyond(server.error(), "its list of branches is", limits_.refs);
    server_ = *std::move(server);
    if (server_.version != 2) return {};
    DUNLIN_TRY(remote_.ask(request_refs(server_, asked_), limits_.refs));
    PacketReader refs(remote_.answer(), limits_.refs);
    server_.refs = DUNLIN_TRY(read_refs(refs));
    return {};
  }

  // Says goodbye, so that the server does not log a broken connection.
  Result<Wanted> end_on_error(Result<Wanted> wanted) {
    if (!wanted && !remote_.is_http()) static_cast<void>(remote_.ask(kFlush, 0).has_value());
    return wanted;
  }

  [[nodiscard]] Request request_for(const Wanted& wanted) const {
    const bool offered = server_.version == 2 || server_.has("allow-reachable-sha1-in-want") ||
                         server_.has("allow-any-sha1-in-want");
    if (!wanted.is_commit || offered) return {.ids = {wanted.id}};
    Request request{.whole_history = true};
    for (const auto& ref : server_.refs) {
      if (ref.name.starts_with("refs/heads/") &&
          std::ranges::find(request.ids, ref.id) == request.ids.end())
        request.ids.push_back(ref.id);
    }
    return request;
  }

  Result<Objects> fetch(const Request& request, std::size_t most) {
    if (request.ids.empty()) return no_such_commit();
    if (server_.version != 2 && !server_.has("side-band-64k"))
      return failed("the Git server is too old: it does not offer side-band-64k");
    DUNLIN_TRY(remote_.ask(
        server_.version == 2 ? request_v2(server_, request) : request_v0(server_, request),
        most + most / 16 + 65536));  // beside the pack, its packets' headers
    PacketReader reader(remote_.answer(), most);
    auto pack = receive(reader);
    if (!pack && most < limits_.pack) return std::move(pack).error();
    if (!pack) return beyond(pack.error(), "its pack is", limits_.pack);
    return unpack(*pack, limits_);
  }

  Result<std::string> receive(PacketReader& reader) const {
    DUNLIN_TRY(skip_to_pack(reader, server_.version));
    return read_pack(reader);
  }

  static bool is_missing(const Wanted& wanted, const Error& error) {
    return wanted.is_commit && error.message.contains("not our ref");
  }

  [[nodiscard]] Error no_such_commit() const {
    return {.code = ErrorCode::missing_branch,
            .message = fmt::format("there is no commit {} in the repository", asked_),
            .hint = server_.version == 2
                        ? "push it first, and give its full id"
                        : "push it to a branch; this server shows only what branches hold"};
  }

  std::shared_ptr<Remote> owned_;
  Remote& remote_;
  std::string asked_;
  Limits limits_;
  Advertisement server_;
};

}  // namespace

Result<Fetched> fetch(std::shared_ptr<Remote> remote, std::string_view asked, const Limits& limits,
                      Wish wish) {
  return std::make_shared<Conversation>(std::move(remote), asked, limits)->run(wish);
}

}  // namespace dunlin::git
