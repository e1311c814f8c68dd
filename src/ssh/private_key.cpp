// A key is a header, base64, a footer. What pasting destroys is white space, and that carries no
// meaning here but for the two header lines of an encrypted PKCS#1 key. So the white space is
// thrown away and put back.
#include "ssh/private_key.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "ssh/wire.hpp"

#include <algorithm>
#include <array>
#include <cstring>  // explicit_bzero
#include <optional>
#include <string>
#include <string_view>

namespace dunlin::ssh {
namespace {

// A string that is wiped when it goes away; std::string is what the text helpers speak.
class Scratch {
 public:
  explicit Scratch(std::string text) : text_(std::move(text)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { explicit_bzero(text_.data(), text_.size()); }
  [[nodiscard]] std::string_view view() const noexcept { return text_; }

 private:
  std::string text_;
};

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";

Error refuse(std::string_view what, std::string_view next) {
  return {.code = ErrorCode::deploy_key,
          .message = fmt::format("the deploy key {}", what),
          .hint = std::string(next)};
}

constexpr std::string_view kWant =
    "store the private key, the file without .pub, whole and with its BEGIN and END lines";

constexpr std::string_view kModern = "use an Ed25519, ECDSA or RSA key as ssh-keygen makes it";

// What stands there when it is not a private key.
Error diagnose(std::string_view text) {
  if (trim(text).empty()) return refuse("is empty", kWant);
  if (text.contains("PuTTY-User-Key-File"))
    return refuse("is in PuTTY's format", "export it with puttygen KEY -O private-openssh");
  if (text.contains("-cert-v01@openssh.com AAAA"))
    return refuse("is a certificate, and it takes the private key", kWant);
  constexpr std::array<std::string_view, 6> public_marks = {
      "ssh-rsa AAAA",          "ssh-ed25519 AAAA",       "ecdsa-sha2-",
      "BEGIN SSH2 PUBLIC KEY", "sk-ssh-ed25519@openssh", "ssh-dss AAAA"};
  if (std::ranges::any_of(public_marks, [&](auto mark) { return text.contains(mark); }))
    return refuse("is a public key", kWant);
  if (text.contains(kEnd) && !text.contains(kBegin))
    return refuse("is truncated: its BEGIN line is missing", kWant);
  return refuse("is not a private key: there is no BEGIN line", kWant);
}

bool is_base64(char letter) {
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
         (letter >= '0' && letter <= '9') || letter == '+' || letter == '/' || letter == '=';
}

// "RSA PRIVATE KEY" and what stands between its two lines.
struct Armour {
  std::string_view label;
  std::string_view body;
};

// What begins with the next BEGIN line; `text` goes on behind its END line.
Result<Armour> take_armour(std::string_view& text) {
  const auto begin = text.find(kBegin);
  if (begin == std::string_view::npos) return diagnose(text);
  text.remove_prefix(begin + kBegin.size());
  const auto label_end = text.find(kDashes);
  if (label_end == std::string_view::npos) return refuse("has a damaged BEGIN line", kWant);
  Armour armour{.label = text.substr(0, label_end), .body = {}};
  text.remove_prefix(label_end + kDashes.size());
  const auto end = text.find(kEnd);
  if (end == std::string_view::npos) return refuse("is truncated: its END line is missing", kWant);
  armour.body = text.substr(0, end);
  text.remove_prefix(end + kEnd.size());
  return armour;
}

// The first private key: parameters of a curve or a certificate may stand before it.
Result<Armour> find_armour(std::string_view text) {
  const Armour first = DUNLIN_TRY(take_armour(text));
  for (Armour each = first;;) {
    if (each.label.starts_with("DSA")) return refuse("is a DSA key", kModern);
    if (each.label.ends_with("PRIVATE KEY")) return each;
    if (!text.contains(kBegin)) break;
    each = DUNLIN_TRY(take_armour(text));
  }
  if (first.label.contains("PUBLIC KEY")) return refuse("is a public key", kWant);
  return refuse(fmt::format("is no private key but a {}", lower(first.label)), kWant);
}

// The header lines of an encrypted PKCS#1 key: "Proc-Type: 4,ENCRYPTED", "DEK-Info: NAME,IV". They
// are taken off the body.
std::string take_pem_headers(std::string_view& body) {
  constexpr std::string_view info = "DEK-Info:";
  const auto at = body.find(info);
  if (!body.contains("Proc-Type:") || at == std::string_view::npos) return {};
  auto rest = trim(body.substr(at + info.size()));
  const auto value = rest.substr(0, rest.find_first_of(" \t\r\n"));
  body = rest.substr(value.size());
  return fmt::format("Proc-Type: 4,ENCRYPTED\nDEK-Info: {}\n\n", value);
}

// The head of OpenSSH's format (its PROTOCOL.key): nothing in it is secret.
struct OpensshHead {
  bool encrypted = false;
  std::string kind;  // "ssh-ed25519"; empty when it is too long or damaged
};

OpensshHead head_of_openssh(std::string_view base64_text) {
  constexpr std::string_view magic = {"openssh-key-v1\0", 15};
  constexpr std::size_t letters = 152;  // less than there is before the private half
  const auto start = base64_decode(base64_text.substr(0, letters));
  if (!start || !start->starts_with(magic)) return {};
  WireReader head(std::string_view(*start).substr(magic.size()));
  OpensshHead result{.encrypted = head.string() != "none", .kind = {}};
  head.string();      // how the passphrase becomes a key
  head.string();      // and with which salt
  head.bytes(4 + 4);  // how many keys, and how long the first one's public half is
  result.kind = head.string().value_or("");
  return result;
}

Result<PrivateKeyText> assemble(const Armour& armour) {
  auto body = armour.body;
  const auto headers = take_pem_headers(body);
  PrivateKeyText key;
  std::string letters;
  letters.reserve(body.size());  // no growing: each old block would keep a copy
  for (const char letter : body)
    if (is_base64(letter)) letters += letter;
  const Scratch wiped(std::move(letters));
  const auto base64_text = wiped.view();
  if (base64_text.size() < 64 || base64_text.size() % 4 != 0)
    return refuse("is truncated: letters are missing between its BEGIN and END lines", kWant);
  const auto head =
      armour.label.starts_with("OPENSSH") ? head_of_openssh(base64_text) : OpensshHead();
  if (head.kind.starts_with("sk-"))
    return refuse("needs its security token, which no job can touch", kModern);
  if (head.kind == "ssh-dss") return refuse("is a DSA key", kModern);
  key.encrypted = !headers.empty() || armour.label.starts_with("ENCRYPTED") || head.encrypted;
  std::string text;
  text.reserve(base64_text.size() + base64_text.size() / 64 + headers.size() + 128);
  text += fmt::format("{}{}{}\n{}", kBegin, armour.label, kDashes, headers);
  for (std::size_t at = 0; at < base64_text.size(); at += 64)
    text.append(base64_text.substr(at, 64)).append("\n");
  text += fmt::format("{}{}{}\n", kEnd, armour.label, kDashes);
  const Scratch whole(std::move(text));
  key.text = Secret(whole.view());
  return key;
}

// With a newline for each literal `\n` and `\r`, and without the zeros of UTF-16.
std::string with_newlines(std::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escaped =
        text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 'r');
    if (text[at] != '\0') lines += escaped ? '\n' : text[at];
    at += escaped ? 1 : 0;
  }
  return lines;
}

// The text inside base64 of the whole, if it is that.
std::optional<std::string> unwrapped(std::string_view text) {
  if (text.contains('-')) return std::nullopt;
  const auto first = text.find_first_not_of(" \t\r\n\"'");
  const auto last = text.find_last_not_of(" \t\r\n\"'");
  if (first == std::string_view::npos) return std::nullopt;
  text = text.substr(first, last - first + 1);
  auto inner = base64_decode(text);
  if (!inner || !inner->contains("-----") || inner->contains('\0')) return std::nullopt;
  return inner;
}

}  // namespace

Result<PrivateKeyText> normalize_private_key(const Secret& pasted) {
  const Scratch lines(with_newlines(pasted.reveal()));
  if (auto inner = unwrapped(lines.view())) {
    const Scratch text(*std::move(inner));
    return assemble(DUNLIN_TRY(find_armour(text.view())));
  }
  return assemble(DUNLIN_TRY(find_armour(lines.view())));
}

}  // namespace dunlin::ssh
