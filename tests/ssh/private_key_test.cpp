#include "ssh/private_key.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "support/sshd.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace dunlin::ssh {
namespace {

using Damage = std::function<std::string(const std::string&)>;

std::string each_line(const std::string& text, const std::string& before,
                      const std::string& after) {
  std::string result;
  for (const auto& line : split(text, '\n'))
    if (!line.empty()) result += before + line + after;
  return result;
}

std::string utf16(const std::string& text) {
  std::string wide = "\xff\xfe";
  for (const char letter : text) {
    wide += letter;
    wide += '\0';
  }
  return wide;
}

// A private key in OpenSSH's format whose kind is as told: only its head is real.
std::string key_of_kind(std::string_view kind) {
  const auto field = [](std::string_view text) {
    return std::string("\0\0\0", 3) + static_cast<char>(text.size()) + std::string(text);
  };
  const auto body = std::string("openssh-key-v1\0", 15) + field("none") + field("none") +
                    field("") + std::string("\0\0\0\1\0\0\0\x40", 8) + field(kind) +
                    std::string(100, 'x');
  return "-----BEGIN OPENSSH PRIVATE KEY-----\n" + base64(body) +
         "\n-----END OPENSSH PRIVATE KEY-----\n";
}

TEST(PrivateKeyTest, IsRepairedHoweverItWasPasted) {
  struct Case {
    const char* why;
    Damage damage;
  };
  const Case cases[] = {
      {"as it is", [](auto& key) { return key; }},
      {"literal \\n", [](auto& key) { return each_line(key, "", "\\n"); }},
      {"literal \\r\\n", [](auto& key) { return each_line(key, "", "\\r\\n"); }},
      {"spaces for newlines", [](auto& key) { return each_line(key, "", " "); }},
      {"indented", [](auto& key) { return each_line(key, "    ", "\n"); }},
      {"CRLF", [](auto& key) { return each_line(key, "", "\r\n"); }},
      {"no final newline", [](auto& key) { return std::string(trim(key)); }},
      {"in quotes", [](auto& key) { return "\"" + each_line(key, "", "\\n") + "\""; }},
      {"a byte order mark", [](auto& key) { return "\xef\xbb\xbf" + key; }},
      {"UTF-16, as PowerShell writes files", [](auto& key) { return utf16(key); }},
      {"carriage returns alone", [](auto& key) { return each_line(key, "", "\r"); }},
      {"blanks and tabs at the ends", [](auto& key) { return each_line(key, "", " \t\n"); }},
      {"escaped twice", [](auto& key) { return each_line(key, "", "\\\\n"); }},
      {"in a JSON object",
       [](auto& key) { return R"({"key": ")" + each_line(key, "", "\\n") + "\"}"; }},
      {"below its parameters, as openssl ecparam writes them",
       [](auto& key) {
         return "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" +
                key;
       }},
      {"before another", [](auto& key) { return key + test::make_key("-t ed25519").private_text; }},
      {"before its public half", [](auto& key) { return key + "ssh-ed25519 AAAAC3Nza me@here\n"; }},
      {"base64 in quotes", [](auto& key) { return "'" + base64(key) + "'\n"; }},
      {"base64 of the whole", [](auto& key) { return base64(key); }},
      {"base64 in lines",
       [](auto& key) {
         const auto text = base64(key);
         return text.substr(0, 76) + "\n" + text.substr(76) + "\n";
       }},
  };
  for (const auto* const kind :
       {"-t ed25519", "-t rsa -b 2048 -m PEM", "-t ecdsa -m PEM", "-t ecdsa -m PKCS8"}) {
    const auto original = test::make_key(kind).private_text;
    const auto whole = normalize_private_key(Secret(original));
    ASSERT_TRUE(whole) << whole.error().message;
    for (const auto& [why, damage] : cases) {
      SCOPED_TRACE(std::string(kind) + ": " + why);
      const auto key = normalize_private_key(Secret(damage(original)));
      ASSERT_TRUE(key) << key.error().message;
      EXPECT_TRUE(key->text.reveal() == whole->text.reveal());
      EXPECT_FALSE(key->encrypted);
    }
  }
}

TEST(PrivateKeyTest, KeepsTheHeadersOfAnEncryptedPemKey) {
  const auto original = test::make_key("-t rsa -b 2048 -m PEM", "secret").private_text;
  for (const auto& damaged : {original, each_line(original, "", "\\n"),
                              each_line(original, "  ", "\r\n"), each_line(original, "", " ")}) {
    const auto key = normalize_private_key(Secret(damaged));
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_TRUE(key->encrypted);
    EXPECT_TRUE(key->text.reveal() == original);
  }
}

TEST(PrivateKeyTest, IsKnownToBeEncrypted) {
  for (const auto* const kind : {"-t ed25519", "-t ecdsa -m PKCS8"}) {
    const auto key = normalize_private_key(Secret(test::make_key(kind, "secret").private_text));
    ASSERT_TRUE(key);
    EXPECT_TRUE(key->encrypted);
  }
}

TEST(PrivateKeyTest, SaysWhatStandsInItsPlace) {
  const auto pair = test::make_key("-t ed25519");
  const auto& text = pair.private_text;
  struct Case {
    const char* why;
    std::string pasted;
    const char* words;
  };
  const Case cases[] = {
      {"nothing", " \n", "the deploy key is empty"},
      {"the public key", pair.public_line, "the deploy key is a public key"},
      {"a public key in PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
       "the deploy key is a public key"},
      {"PuTTY's", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n",
       "the deploy key is in PuTTY's format"},
      {"cut at the end", text.substr(0, text.size() / 2),
       "the deploy key is truncated: its END line is missing"},
      {"cut at the start", text.substr(text.size() / 2),
       "the deploy key is truncated: its BEGIN line is missing"},
      {"cut in the middle", text.substr(0, 120) + text.substr(150),
       "the deploy key is truncated: letters are missing between its BEGIN and END lines"},
      {"a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
       "the deploy key is no private key but a certificate"},
      {"the public key of a security token", "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5",
       "the deploy key is a public key"},
      {"a certificate of SSH", "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQ me",
       "the deploy key is a certificate"},
      {"the private key of a security token", key_of_kind("sk-ssh-ed25519@openssh.com"),
       "the deploy key needs its security token"},
      {"the same with ECDSA", key_of_kind("sk-ecdsa-sha2-nistp256@openssh.com"),
       "the deploy key needs its security token"},
      {"DSA", key_of_kind("ssh-dss"), "the deploy key is a DSA key"},
      {"DSA in PEM", "-----BEGIN DSA PRIVATE KEY-----\nAAAA\n-----END DSA PRIVATE KEY-----\n",
       "the deploy key is a DSA key"},
      {"a password", "hunter2hunter2", "the deploy key is not a private key"},
  };
  for (const auto& [why, pasted, words] : cases) {
    SCOPED_TRACE(why);
    const auto key = normalize_private_key(Secret(pasted));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, ErrorCode::deploy_key);
    EXPECT_TRUE(key.error().message.starts_with(words)) << key.error().message;
  }
}

}  // namespace
}  // namespace dunlin::ssh
