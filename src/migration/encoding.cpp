#include "migration/encoding.hpp"

#include "base/text.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace dunlin {
namespace {

enum class Charset : std::uint8_t { utf8, ascii, latin1, windows1252, utf16, utf16be, utf16le };

struct CharsetName {
  std::string_view name;
  Charset charset;
};
// Java's names and aliases, in lower case.
constexpr std::array kBuiltIn = {
    CharsetName{"utf-8", Charset::utf8},
    CharsetName{"utf8", Charset::utf8},
    CharsetName{"unicode-1-1-utf-8", Charset::utf8},
    CharsetName{"us-ascii", Charset::ascii},
    CharsetName{"ascii", Charset::ascii},
    CharsetName{"ascii7", Charset::ascii},
    CharsetName{"iso646-us", Charset::ascii},
    CharsetName{"cp367", Charset::ascii},
    CharsetName{"iso-8859-1", Charset::latin1},
    CharsetName{"iso8859-1", Charset::latin1},
    CharsetName{"iso8859_1", Charset::latin1},
    CharsetName{"iso_8859-1", Charset::latin1},
    CharsetName{"8859_1", Charset::latin1},
    CharsetName{"latin1", Charset::latin1},
    CharsetName{"l1", Charset::latin1},
    CharsetName{"cp819", Charset::latin1},
    CharsetName{"windows-1252", Charset::windows1252},
    CharsetName{"cp1252", Charset::windows1252},
    CharsetName{"utf-16", Charset::utf16},
    CharsetName{"utf_16", Charset::utf16},
    CharsetName{"utf16", Charset::utf16},
    CharsetName{"unicode", Charset::utf16},
    CharsetName{"utf-16be", Charset::utf16be},
    CharsetName{"utf_16be", Charset::utf16be},
    CharsetName{"x-utf-16be", Charset::utf16be},
    CharsetName{"unicodebigunmarked", Charset::utf16be},
    CharsetName{"utf-16le", Charset::utf16le},
    CharsetName{"utf_16le", Charset::utf16le},
    CharsetName{"x-utf-16le", Charset::utf16le},
    CharsetName{"unicodelittleunmarked", Charset::utf16le},
};

// windows-1252 differs from ISO-8859-1 in 0x80..0x9F; 0 means that the byte has no letter.
// https://encoding.spec.whatwg.org/ maps the five empty places to controls; Java refuses them.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

unsigned byte_at(std::string_view bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}

void append_utf8(std::string& text, char32_t code) {
  const auto put = [&text](unsigned byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

std::string_view hint_for(std::string_view bytes, std::string_view charset) {
  if (!equals_ignoring_case(charset, "UTF-8")) {
    return "name the file's encoding with -encoding, such as UTF-8";
  }
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return "the file begins with the mark of UTF-16: save it as UTF-8, or set -encoding=UTF-16";
  }
  return "save the file as UTF-8, or name its encoding: -encoding=ISO-8859-1";
}

/// What stands in the way, and where in the text that was decoded before it.
Error undecodable(std::string_view bytes, std::size_t at, std::string_view charset,
                  std::string_view decoded) {
  const auto line = std::ranges::count(decoded, '\n') + 1;
  const auto line_start = decoded.rfind('\n') + 1;  // npos + 1 is 0
  const auto is_letter = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  const auto column = std::ranges::count_if(decoded.substr(line_start), is_letter) + 1;
  return Error{.code = ErrorCode::script_unreadable,
               .message = fmt::format("byte 0x{:02X} at line {}, column {} is not {}",
                                      byte_at(bytes, at), line, column, charset),
               .hint = std::string(hint_for(bytes, charset))};
}

/// A row of the table of well-formed sequences (Unicode standard, table 3-7): what may follow the
/// lead bytes up to `last_lead`.
struct Utf8Row {
  unsigned last_lead;
  std::size_t length;        ///< 0: no such lead
  unsigned lowest, highest;  ///< of the second byte; further ones are 80..BF
};
constexpr std::array kUtf8Rows = {
    Utf8Row{0x7F, 1, 0, 0},       Utf8Row{0xC1, 0, 0, 0},       Utf8Row{0xDF, 2, 0x80, 0xBF},
    Utf8Row{0xE0, 3, 0xA0, 0xBF}, Utf8Row{0xEC, 3, 0x80, 0xBF}, Utf8Row{0xED, 3, 0x80, 0x9F},
    Utf8Row{0xEF, 3, 0x80, 0xBF}, Utf8Row{0xF0, 4, 0x90, 0xBF}, Utf8Row{0xF3, 4, 0x80, 0xBF},
    Utf8Row{0xF4, 4, 0x80, 0x8F}, Utf8Row{0xFF, 0, 0, 0}};

/// How many bytes the letter at `at` takes; 0 if it is not well formed.
std::size_t utf8_length(std::string_view text, std::size_t at) noexcept {
  const auto* const row =
      std::ranges::lower_bound(kUtf8Rows, byte_at(text, at), {}, &Utf8Row::last_lead);
  if (row->length < 2) return row->length;
  if (text.size() - at < row->length) return 0;
  const unsigned second = byte_at(text, at + 1);
  if (second < row->lowest || second > row->highest) return 0;
  const auto further = text.substr(at + 2, row->length - 2);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  return std::ranges::all_of(further, continues) ? row->length : 0;
}

Result<std::string> decode_single_bytes(std::string_view bytes, Charset charset,
                                        std::string_view name) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    const unsigned byte = byte_at(bytes, at);
    char32_t code = byte;
    if (charset == Charset::windows1252 && byte >= 0x80 && byte < 0xA0) {
      code = kWindows1252.at(byte - 0x80);
    }
    const bool means_nothing = charset == Charset::ascii ? byte >= 0x80 : code == 0 && byte != 0;
    if (means_nothing) return undecodable(bytes, at, name, text);
    append_utf8(text, code);
  }
  return text;
}

Result<std::string> decode_utf16(std::string_view bytes, bool little, std::string_view name) {
  std::string text;
  text.reserve(bytes.size());
  const auto unit = [&](std::size_t at) -> char32_t {
    const unsigned first = byte_at(bytes, at);
    const unsigned second = byte_at(bytes, at + 1);
    return little ? second << 8U | first : first << 8U | second;
  };
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    if (bytes.size() - at < 2) return undecodable(bytes, at, name, text);
    char32_t code = unit(at);
    if (code >= 0xD800 && code < 0xE000) {
      const bool paired = code < 0xDC00 && bytes.size() - at >= 4 && unit(at + 2) >= 0xDC00 &&
                          unit(at + 2) < 0xE000;
      if (!paired) return undecodable(bytes, at, name, text);
      code = 0x10000 + ((code - 0xD800) << 10U) + (unit(at + 2) - 0xDC00);
      at += 2;
    }
    append_utf8(text, code);
  }
  return text;
}

/// As Java's UTF-16: the mark at the start says the order and is dropped; without one big-endian.
Result<std::string> decode_marked_utf16(std::string_view bytes, std::string_view name) {
  const bool little = bytes.starts_with("\xFF\xFE");
  if (little || bytes.starts_with("\xFE\xFF")) bytes.remove_prefix(2);
  return decode_utf16(bytes, little, name);
}

// --- iconv, for everything else ---

struct IconvCloser {
  using pointer = iconv_t;
  void operator()(iconv_t converter) const noexcept {
    iconv_close(converter);  // only fails for a converter that is none
  }
};
/// Not a Handle: iconv_t is a void*, whose "none" is -1 and not null.
class Converter {
 public:
  explicit Converter(const std::string& charset) : converter_(open(charset)) {}
  [[nodiscard]] bool is_open() const noexcept { return converter_ != nullptr; }
  [[nodiscard]] iconv_t get() const noexcept { return converter_.get(); }

 private:
  static iconv_t open(const std::string& charset) {
    iconv_t opened = iconv_open("UTF-8", charset.c_str());
    // the C interface says "none" by the pointer -1
    return std::bit_cast<std::intptr_t>(opened) == -1 ? nullptr : opened;
  }
  std::unique_ptr<void, IconvCloser> converter_;
};

/// What the C library may call the charset: "windows-1251" CP1251, "x-MacRoman" MacRoman.
std::vector<std::string> iconv_names(std::string_view charset) {
  const std::string name = upper(charset);
  // Java's rule for names; it also keeps out iconv's own "//TRANSLIT" and paths
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::strchr("-+.:_", c) != nullptr;
  };
  if (name.empty() || name.contains('\0') || !std::ranges::all_of(name, allowed)) return {};
  std::vector<std::string> names = {name};
  for (const std::string_view prefix : {"X-", "X-WINDOWS-", "WINDOWS-", "MS", "X-MS", "X-IBM"}) {
    // an empty name would mean the charset of the locale
    if (!name.starts_with(prefix) || name.size() == prefix.size()) continue;
    names.push_back(name.substr(prefix.size()));
    names.push_back("CP" + name.substr(prefix.size()));
  }
  return names;
}

std::optional<Converter> converter_for(std::string_view charset) {
  for (const std::string& name : iconv_names(charset)) {
    if (Converter converter(name); converter.is_open()) return converter;
  }
  return std::nullopt;
}

Error unknown_charset(std::string_view charset) {
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format("encoding {} is not known", charset),
               .hint =
                   "always there are UTF-8, ISO-8859-1, US-ASCII, windows-1252 and UTF-16; "
                   "others need the C library's conversion tables (gconv)"};
}

Result<std::string> decode_by_iconv(std::string bytes, const Converter& converter,
                                    std::string_view charset) {
  std::string text;
  std::array<char, 8192> buffer{};
  char* input = bytes.data();
  std::size_t left = bytes.size();
  while (true) {
    char* output = buffer.data();
    std::size_t room = buffer.size();
    // a null input at the end flushes what a stateful charset still holds
    const bool flushing = left == 0;
    const std::size_t done =
        iconv(converter.get(), flushing ? nullptr : &input, &left, &output, &room);
    const int reason = errno;
    text.append(buffer.data(), buffer.size() - room);
    if (done != static_cast<std::size_t>(-1)) {
      if (flushing) return text;
    } else if (reason != E2BIG) {
      return undecodable(bytes, bytes.size() - left, charset, text);
    }
  }
}

std::optional<Charset> built_in(std::string_view charset) {
  const auto same = [charset](const CharsetName& each) {
    return equals_ignoring_case(each.name, charset);
  };
  const auto* const found = std::ranges::find_if(kBuiltIn, same);
  if (found == kBuiltIn.end()) return std::nullopt;
  return found->charset;
}

/// Zero bytes at even and at odd places.
std::array<std::size_t, 2> zeros_by_side(std::string_view bytes) {
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\0') ++zeros.at(i % 2);
  }
  return zeros;
}

Error undetected(std::string_view why) {
  return {.code = ErrorCode::script_unreadable,
          .message = fmt::format("its encoding cannot be found out: {}", why),
          .hint = "name it with the option encoding, or in the script's .conf file"};
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;  // most scripts are ASCII: eight letters at a time
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & kHighBits) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

Result<void> check_charset(std::string_view charset) {
  if (built_in(charset) || converter_for(charset)) return {};
  return unknown_charset(charset);
}

Result<std::string> decode(std::string bytes, std::string_view charset) {
  const auto known = built_in(charset);
  if (!known) {
    const auto converter = converter_for(charset);
    if (!converter) return unknown_charset(charset);
    return decode_by_iconv(std::move(bytes), *converter, charset);
  }
  switch (*known) {
    case Charset::utf8: {
      const std::size_t bad = find_invalid_utf8(bytes);
      if (bad == std::string::npos) return bytes;
      return undecodable(bytes, bad, charset, std::string_view(bytes).substr(0, bad));
    }
    case Charset::ascii:
    case Charset::latin1:
    case Charset::windows1252:
      return decode_single_bytes(bytes, *known, charset);
    case Charset::utf16:
      return decode_marked_utf16(bytes, charset);
    case Charset::utf16be:
      return decode_utf16(bytes, false, charset);
    case Charset::utf16le:
      return decode_utf16(bytes, true, charset);
  }
  std::unreachable();
}

Result<DetectedCharset> detect_charset(std::string_view bytes) {
  const bool big_mark = bytes.starts_with("\xFE\xFF");
  const bool little_mark = bytes.starts_with("\xFF\xFE");
  const bool even = bytes.size() % 2 == 0;
  if ((big_mark || little_mark) && !even) {
    return undetected("it begins as UTF-16 does, but has an odd number of bytes");
  }
  if (big_mark) return DetectedCharset{.name = "UTF-16BE"};
  if (little_mark) return DetectedCharset{.name = "UTF-16LE"};
  if (bytes.contains('\0')) {
    // Latin letters of UTF-16 have a zero byte each, always on the same side.
    const auto zeros = zeros_by_side(bytes);
    if (even && zeros[1] > bytes.size() / 4 && zeros[1] / 4 >= zeros[0]) {
      return DetectedCharset{.name = "UTF-16LE"};
    }
    if (even && zeros[0] > bytes.size() / 4 && zeros[0] / 4 >= zeros[1]) {
      return DetectedCharset{.name = "UTF-16BE"};
    }
    return undetected("it holds zero bytes, which no text in UTF-8 or ISO-8859-1 does");
  }
  if (find_invalid_utf8(bytes) == std::string_view::npos) return DetectedCharset{.name = "UTF-8"};
  DetectedCharset found{.name = "ISO-8859-1"};
  const auto is_control = [](char c) { return (static_cast<unsigned char>(c) & 0xE0U) == 0x80U; };
  if (std::ranges::any_of(bytes, is_control)) {
    found.doubt =
        "read as ISO-8859-1, which has no letters for some of its bytes: it may be windows-1252, "
        "which the option encoding can say";
  }
  return found;
}

}  // namespace dunlin
