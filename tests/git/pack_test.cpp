#include "git/pack.hpp"

#include "base/digest.hpp"
#include "git/pkt_line.hpp"
#include "support/git_repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace dunlin::git {
namespace {

using namespace std::string_literals;

// With a checksum that fits: damage must be seen behind it too.
std::string sealed(std::string body) {
  const std::string_view view = body;
  return body + sha1({&view, 1});
}

std::string real_pack(const std::string& arguments) {
  const test::GitRepository repository;
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::to_string(i * 7919) + "\n";
  for (int i = 0; i < 8; ++i)
    repository.write("f" + std::to_string(i), text + std::to_string(i) + text);
  repository.commit("Alike");
  repository.git("rev-list --objects --all | git pack-objects -q --stdout " + arguments +
                 " > ../pack");
  std::ifstream file(repository.path() + "/../pack", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PackTest, GivesTheSameObjectsByDistanceAndById) {
  const auto by_id = unpack(real_pack("--window=10"), {});
  const auto by_distance = unpack(real_pack("--delta-base-offset --window=10"), {});
  const auto whole = unpack(real_pack("--window=0"), {});
  ASSERT_TRUE(by_id && by_distance && whole);
  EXPECT_EQ(whole->size(), 10U);  // eight files, a tree, a commit
  for (const auto* const other : {&*by_id, &*by_distance}) {
    EXPECT_EQ(other->size(), whole->size());
    for (const auto& [id, object] : *whole) {
      ASSERT_TRUE(other->contains(id)) << id.text();
      EXPECT_TRUE(*other->at(id).data == *object.data);
    }
  }
}

TEST(PackTest, RefusesEveryDamage) {
  const auto pack = real_pack("--delta-base-offset --window=10");
  const auto body = pack.substr(0, pack.size() - 20);
  EXPECT_FALSE(unpack(body, {})) << "no checksum";
  EXPECT_FALSE(unpack("", {}));
  EXPECT_FALSE(unpack(sealed("PACK\0\0\0\3\0\0\0\0"s), {})) << "version 3";
  EXPECT_TRUE(unpack(sealed("PACK\0\0\0\2\0\0\0\0"s), {})) << "empty";
  EXPECT_FALSE(unpack(sealed("PACK\0\0\0\2\xFF\xFF\xFF\xFF"s), {})) << "fewer objects than said";
  EXPECT_FALSE(unpack(sealed(body + "x"), {})) << "bytes at the end";
  for (std::size_t cut = 12; cut < body.size(); cut += 97)
    EXPECT_FALSE(unpack(sealed(body.substr(0, cut)), {})) << cut;
  // A changed byte makes it unreadable, or gives an object another name; nothing else.
  const auto right = unpack(pack, {}).value();
  for (std::size_t at = 8; at < body.size(); at += 13) {
    auto changed = body;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    const auto objects = unpack(sealed(changed), {.object = 1U << 20U});
    if (!objects) continue;
    for (const auto& [id, object] : *objects) EXPECT_EQ(id, id_of(object.type, *object.data));
  }
}

TEST(PackTest, RefusesAFileThatSaysItIsHuge) {
  const auto header = "PACK\0\0\0\2\0\0\0\1"s;
  const auto objects = unpack(sealed(header + "\xBF\xFF\xFF\xFF\xFF\x7F" + "x"), {});
  ASSERT_FALSE(objects);
  EXPECT_NE(objects.error().message.find("beyond the limit"), std::string::npos);
}

TEST(DeltaTest, CopiesAndInserts) {
  struct Case {
    const char* why;
    std::string delta, result;
  };
  const std::string base = "0123456789";
  const Case cases[] = {
      {"nothing", "\x0A\x00"s, ""},
      {"bytes of its own", "\x0A\x03\x03xyz"s, "xyz"},
      {"a copy", "\x0A\x03\x91\x02\x03"s, "234"},
      {"both", "\x0A\x04\x91\x09\x01\x03xyz"s, "9xyz"},
  };
  for (const auto& [why, delta, result] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(apply_delta(base, delta, 100).value_or("(error)"), result);
  }
  const std::pair<const char*, std::string> wrong[] = {
      {"another base", "\x09\x01\x01x"s},
      {"too short", "\x0A\x05\x01x"s},
      {"too long", "\x0A\x01\x02xy"s},
      {"a copy beyond the base", "\x0A\x03\x91\x09\x03"s},
      {"an instruction of none", "\x0A\x01\0"s},
      {"cut", "\x0A\x03\x03x"s},
      {"beyond the limit", "\x0A\xFF\x7F"s},
      {"no size", ""},
      {"a size without end", std::string(12, '\xFF')},
  };
  for (const auto& [why, delta] : wrong) EXPECT_FALSE(apply_delta(base, delta, 100)) << why;
}

class TextStream final : public ByteStream {
 public:
  explicit TextStream(std::string text) : text_(std::move(text)) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const auto count = std::min<std::size_t>({buffer.size(), text_.size() - at_, 3});
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), count, buffer.begin());
    at_ += count;
    return count;
  }
  Result<void> write(std::string_view) override { return {}; }
  std::string complaint() override { return "ERROR: no\n"; }

 private:
  std::string text_;
  std::size_t at_ = 0;
};

TEST(PacketReaderTest, ReadsPacketsAndTellsTheirEnds) {
  TextStream stream(packet("hello\n") + "0000" + packet("") + "00010002");
  PacketReader reader(stream, 1000);
  EXPECT_EQ(reader.next()->line(), "hello");
  EXPECT_EQ(reader.next()->kind, Packet::Kind::flush);
  EXPECT_TRUE(reader.next()->is_data());
  EXPECT_EQ(reader.next()->kind, Packet::Kind::delimiter);
  EXPECT_EQ(reader.next()->kind, Packet::Kind::end);
  EXPECT_EQ(reader.next().error().message, "the Git server says: no");
}

TEST(PacketReaderTest, RefusesWhatIsNoPacket) {
  for (const auto* const text : {"0003", "-001", "HTTP/1.1 200", "00zz", "0010short", "00"}) {
    TextStream stream(text);
    EXPECT_FALSE(PacketReader(stream, 1000).next()) << text;
  }
  TextStream error("000bERR no\n");
  EXPECT_EQ(PacketReader(error, 1000).next().error().message, "the Git server says: no");
  TextStream large(packet(std::string(200, 'x')));
  EXPECT_FALSE(PacketReader(large, 100).next());
}

}  // namespace
}  // namespace dunlin::git
