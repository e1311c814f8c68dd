// Held against botocore: sigv4_vectors.json is written by make_sigv4_vectors.py.
#include "aws/sigv4.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace dunlin {
namespace {

using nlohmann::json;

const json& vectors() {
  static const json all =
      json::parse(std::ifstream(DUNLIN_SOURCE_DIR "/tests/aws/sigv4_vectors.json"));
  return all;
}

AwsCredentials credentials_of(const json& vector) {
  return {.access_key = vectors()["access_key"],
          .secret_key = Secret(vectors()["secret_key"].get<std::string>()),
          .session_token = Secret(vector["token"].get<std::string>()),
          .expires = {},
          .source = {}};
}

SigningScope scope_of(const json& vector) {
  return {
      .region = vector["region"],
      .service = vector.value("service", ""),
      .at = std::chrono::system_clock::time_point(std::chrono::seconds(vector["at"].get<long>()))};
}

TEST(SigV4Test, SignsAsBotocoreDoes) {
  for (const json& vector : vectors()["signed"]) {
    SCOPED_TRACE(vector["why"]);
    HttpRequest request{.method = vector["method"],
                        .url = vector["url"],
                        .body = Secret(vector["body"].get<std::string>())};
    for (const json& header : vector["headers"]) {
      request.headers.push_back({header[0], Secret(header[1].get<std::string>())});
    }
    sign(request, credentials_of(vector), scope_of(vector));
    ASSERT_EQ(request.headers.back().name, "Authorization");
    EXPECT_EQ(request.headers.back().value.reveal(), vector["authorization"].get<std::string>());
  }
}

TEST(SigV4Test, PresignsAsBotocoreDoes) {
  for (const json& vector : vectors()["presigned"]) {
    SCOPED_TRACE(vector["why"]);
    const Secret url =
        presign(vector["url"].get<std::string>(), credentials_of(vector), scope_of(vector),
                std::chrono::seconds(vector["lifetime"].get<long>()));
    EXPECT_EQ(url.reveal(), vector["presigned"].get<std::string>());
  }
}

TEST(SigV4Test, MakesTheRdsPasswordThatBotocoreMakes) {
  for (const json& vector : vectors()["rds"]) {
    SCOPED_TRACE(vector["why"]);
    const Secret password = rds_token(vector["host"].get<std::string>(), vector["port"],
                                      vector["user"].get<std::string>(), credentials_of(vector),
                                      vector["region"].get<std::string>(), scope_of(vector).at);
    EXPECT_EQ(password.reveal(), vector["password"].get<std::string>());
  }
}

}  // namespace
}  // namespace dunlin
