// A pack is a header, objects one after the other, and a checksum. An object is whole, or a delta
// against an earlier one (by distance) or against any (by id). Objects are taken in order; a delta
// whose base has not come yet waits for it, so that each is done once and nothing recurses.
#include "git/pack.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

#include <zlib.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace dunlin::git {
namespace {

Error damaged(std::string_view what) {
  return {.code = ErrorCode::source_failed,
          .message = fmt::format("the repository's pack is damaged: {}", what),
          .hint = "try again; if it stays so, run git fsck on the server"};
}

Error too_large(std::string_view what, std::size_t limit) {
  return {.code = ErrorCode::source_failed,
          .message = fmt::format("the repository is too large: {} beyond the limit of {} bytes",
                                 what, limit),
          .hint = "keep migrations in a repository of their own"};
}

constexpr std::size_t kChecksum = 20;
constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kIdDelta = 7;

struct Entry {
  unsigned type = 0;            // 1..4, 6 or 7
  std::size_t size = 0;         // of the text that follows, inflated
  std::size_t offset = 0;       // of the entry in the pack
  std::size_t base_offset = 0;  // for kOffsetDelta
  ObjectId base_id;             // for kIdDelta
};

// Inflates one stream after the other.
class Inflater {
 public:
  Inflater() { inflateInit(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  // Exactly `size` bytes, and how many of `from` they took; nothing if it is damaged.
  std::optional<std::pair<std::string, std::size_t>> inflate_exactly(std::string_view from,
                                                                     std::size_t size) {
    std::string text(size + 1, '\0');  // one more byte shows a stream that is longer than it says
    inflateReset(&stream_);
    // zlib's type for input is not const, though it only reads.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.data()));
    stream_.avail_in = static_cast<uInt>(from.size());
    stream_.next_out = reinterpret_cast<Bytef*>(text.data());
    stream_.avail_out = static_cast<uInt>(text.size());
    if (inflate(&stream_, Z_FINISH) != Z_STREAM_END || stream_.total_out != size)
      return std::nullopt;
    text.resize(size);
    return std::pair{std::move(text), static_cast<std::size_t>(stream_.total_in)};
  }

 private:
  z_stream stream_{};
};

class Unpacker {
 public:
  Unpacker(std::string_view pack, const Limits& limits) : pack_(pack), limits_(limits) {}

  Result<Objects> run() {
    const auto count = DUNLIN_TRY(read_header());
    for (std::size_t i = 0; i < count; ++i) {
      const auto entry = DUNLIN_TRY(read_entry());
      auto text = DUNLIN_TRY(read_text(entry));
      DUNLIN_TRY(take(entry, std::move(text)));
    }
    if (at_ != end_) return damaged("bytes follow its last object");
    if (waiting_ > 0) return damaged("a delta refers to an object that is not there");
    return std::move(objects_);
  }

 private:
  struct Delta {
    std::size_t offset = 0;
    std::string text;
  };

  Result<std::size_t> read_header() {
    if (pack_.size() < 12 + kChecksum || !pack_.starts_with("PACK"))
      return damaged("it has no header");
    end_ = pack_.size() - kChecksum;
    const auto body = pack_.substr(0, end_);
    if (sha1({&body, 1}) != pack_.substr(end_)) return damaged("its checksum does not fit");
    if (number_at(4) != 2) return damaged("its version is not 2");
    at_ = 12;
    return number_at(8);
  }

  [[nodiscard]] std::size_t number_at(std::size_t offset) const {
    std::size_t number = 0;
    for (const char byte : pack_.substr(offset, 4))
      number = number << 8U | static_cast<unsigned char>(byte);
    return number;
  }

  std::optional<unsigned> next_byte() {
    if (at_ >= end_) return std::nullopt;
    return static_cast<unsigned char>(pack_[at_++]);
  }

  // Type and size: three bits and four in the first byte, then seven bits a byte.
  Result<Entry> read_entry() {
    Entry entry{.offset = at_};
    auto byte = next_byte();
    if (!byte) return damaged("it ends within an object");
    entry.type = *byte >> 4U & 7U;
    entry.size = *byte & 15U;
    for (unsigned shift = 4; *byte >= 128; shift += 7) {
      byte = next_byte();
      if (!byte || shift > 53) return damaged("an object's size is not a number");
      entry.size |= static_cast<std::size_t>(*byte & 127U) << shift;
    }
    if (entry.size > limits_.object) return too_large("a file is", limits_.object);
    if (entry.type == kOffsetDelta) DUNLIN_TRY(read_base_offset(entry));
    if (entry.type == kIdDelta) {
      if (end_ - at_ < entry.base_id.bytes.size()) return damaged("it ends within an object");
      entry.base_id = ObjectId::of(pack_.substr(at_, entry.base_id.bytes.size()));
      at_ += entry.base_id.bytes.size();
    }
    return entry;
  }

  // A distance back from the entry: seven bits a byte, the highest first, each further byte one
  // more.
  Result<void> read_base_offset(Entry& entry) {
    auto byte = next_byte();
    if (!byte) return damaged("it ends within an object");
    std::size_t distance = *byte & 127U;
    while (*byte >= 128) {
      byte = next_byte();
      if (!byte || distance > pack_.size()) return damaged("a delta's base lies outside it");
      distance = ((distance + 1) << 7U) | (*byte & 127U);
    }
    if (distance == 0 || distance > entry.offset) return damaged("a delta's base lies outside it");
    entry.base_offset = entry.offset - distance;
    return {};
  }

  Result<std::string> read_text(const Entry& entry) {
    DUNLIN_TRY(count_bytes(entry.size));
    auto inflated = inflater_.inflate_exactly(pack_.substr(at_, end_ - at_), entry.size);
    if (!inflated) return damaged("an object cannot be inflated");
    at_ += inflated->second;
    return std::move(inflated->first);
  }

  Result<void> count_bytes(std::size_t size) {
    total_ += size;
    if (total_ > limits_.all_objects) return too_large("all files are", limits_.all_objects);
    return {};
  }

  // Stores a whole object, and each delta that has waited for it, and those that waited for them.
  Result<void> take(const Entry& entry, std::string text) {
    if (entry.type == kOffsetDelta || entry.type == kIdDelta)
      return take_delta(entry, std::move(text));
    if (entry.type < 1 || entry.type > 4) return damaged("an object is of no known type");
    return store(static_cast<ObjectType>(entry.type), entry.offset, std::move(text));
  }

  Result<void> take_delta(const Entry& entry, std::string text) {
    const Object* base = nullptr;
    if (entry.type == kOffsetDelta) {
      const auto known = by_offset_.find(entry.base_offset);
      if (known != by_offset_.end()) base = &objects_.at(known->second);
    } else if (const auto known = objects_.find(entry.base_id); known != objects_.end()) {
      base = &known->second;
    }
    if (base != nullptr)
      return store_delta(*base, {.offset = entry.offset, .text = std::move(text)});
    ++waiting_;
    auto& queue = entry.type == kOffsetDelta ? waiting_for_offset_[entry.base_offset]
                                             : waiting_for_id_[entry.base_id];
    queue.push_back({.offset = entry.offset, .text = std::move(text)});
    return {};
  }

  Result<void> store_delta(const Object& base, const Delta& delta) {
    const auto type = base.type;
    const auto data = base.data;  // keeps it alive while the map grows
    auto text = DUNLIN_TRY(apply_delta(*data, delta.text, limits_.object));
    DUNLIN_TRY(count_bytes(text.size()));
    return store(type, delta.offset, std::move(text));
  }

  Result<void> store(ObjectType type, std::size_t offset, std::string text) {
    auto ready = DUNLIN_TRY(add(type, offset, std::move(text)));
    while (!ready.empty()) {
      auto [base, delta] = std::move(ready.back());
      ready.pop_back();
      auto made = DUNLIN_TRY(apply_delta(*base.data, delta.text, limits_.object));
      DUNLIN_TRY(count_bytes(made.size()));
      auto more = DUNLIN_TRY(add(base.type, delta.offset, std::move(made)));
      std::ranges::move(more, std::back_inserter(ready));
    }
    return {};
  }

  // Adds one object; returns the deltas that can now be applied, each with its base.
  Result<std::vector<std::pair<Object, Delta>>> add(ObjectType type, std::size_t offset,
                                                    std::string text) {
    const auto id = id_of(type, text);
    const Object object{.type = type, .data = std::make_shared<const std::string>(std::move(text))};
    objects_.emplace(id, object);
    by_offset_.emplace(offset, id);
    std::vector<std::pair<Object, Delta>> ready;
    const auto release = [&](auto& waiting, const auto& key) {
      const auto found = waiting.find(key);
      if (found == waiting.end()) return;
      for (auto& delta : found->second) ready.emplace_back(object, std::move(delta));
      waiting_ -= found->second.size();
      waiting.erase(found);
    };
    release(waiting_for_offset_, offset);
    release(waiting_for_id_, id);
    return ready;
  }

  std::string_view pack_;
  const Limits& limits_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;  // where the checksum begins
  std::size_t total_ = 0;
  std::size_t waiting_ = 0;
  Inflater inflater_;
  Objects objects_;
  std::unordered_map<std::size_t, ObjectId> by_offset_;
  std::unordered_map<std::size_t, std::vector<Delta>> waiting_for_offset_;
  std::unordered_map<ObjectId, std::vector<Delta>, ObjectIdHash> waiting_for_id_;
};

}  // namespace

Result<Objects> unpack(std::string_view pack, const Limits& limits) {
  return Unpacker(pack, limits).run();
}

}  // namespace dunlin::git
