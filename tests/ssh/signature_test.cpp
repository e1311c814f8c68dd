// The key of a security token, played by OpenSSL, since ssh-keygen makes none without the device;
// ssh-keygen checks the same signatures.
#include "ssh/signature.hpp"

#include "base/digest.hpp"
#include "base/handle.hpp"
#include "ssh/wire.hpp"
#include "support/shell.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <array>

namespace dunlin::ssh {
namespace {

using test::quoted;

constexpr std::string_view kType = "sk-ssh-ed25519@openssh.com";

class Token {
 public:
  Token() : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")) {}
  [[nodiscard]] std::string public_key() const {
    std::array<unsigned char, 32> point{};
    std::size_t size = point.size();
    EXPECT_EQ(EVP_PKEY_get_raw_public_key(key_.get(), point.data(), &size), 1);
    return wire_string(kType) + wire_string({reinterpret_cast<char*>(point.data()), size}) +
           wire_string("ssh:");
  }
  /// An armoured signature of the message for the namespace git.
  [[nodiscard]] std::string sign(std::string_view message, char flags) const {
    const auto tail = wire_string("git") + wire_string("") + wire_string("sha512");
    const auto data = "SSHSIG" + tail + wire_string(sha512(message));
    const auto counter = std::string("\0\0\0\7", 4);
    const auto text = sha256("ssh:") + flags + counter + sha256(data);
    const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    std::string raw(64, '\0');
    std::size_t size = raw.size();
    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get());
    EXPECT_EQ(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(raw.data()), &size,
                             reinterpret_cast<const unsigned char*>(text.data()), text.size()),
              1);
    const auto blob = wire_string(kType) + wire_string(raw) + flags + counter;
    return "-----BEGIN SSH SIGNATURE-----\n" +
           base64("SSHSIG" + std::string("\0\0\0\1", 4) + wire_string(public_key()) + tail +
                  wire_string(blob)) +
           "\n-----END SSH SIGNATURE-----\n";
  }

 private:
  Handle<EVP_PKEY, EVP_PKEY_free> key_;
};

TEST(SignatureTest, TakesASecurityTokenThatWasTouched) {
  const Token token;
  const test::TemporaryFolder folder;
  for (const char flags : {'\1', '\0'}) {
    const bool is_touched = flags == '\1';
    const auto armoured = token.sign("a message", flags);
    const auto signature = Signature::parse(armoured);
    ASSERT_TRUE(signature);
    EXPECT_EQ(signature->key.type, kType);
    EXPECT_EQ(signature->over("a message"), is_touched ? Verdict::good : Verdict::bad);
    EXPECT_EQ(signature->over("another"), Verdict::bad);
    const auto said = test::shell("printf 'a message' | ssh-keygen -Y check-novalidate -n git -s " +
                                  quoted(folder.write("signature", armoured)) +
                                  " >/dev/null 2>&1 && echo good || echo bad");
    EXPECT_EQ(said, "good") << "ssh-keygen sees the signature as such; whether it was touched is "
                               "for who verifies a signer";
  }
}

}  // namespace
}  // namespace dunlin::ssh
