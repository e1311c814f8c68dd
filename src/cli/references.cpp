#include "cli/references.hpp"

#include "base/text.hpp"
#include "secrets/aws_store.hpp"
#include "secrets/file_store.hpp"
#include "secrets/vault_store.hpp"

namespace dunlin {
namespace {

VaultOptions vault_options(const Configuration& configuration) {
  const auto text = [&](std::string_view name) {
    return configuration.text(fmt::format("secrets.vault.{}", name));
  };
  const auto secret = [&](std::string_view name) {
    return configuration.secret(fmt::format("secrets.vault.{}", name)).duplicate();
  };
  return {.address = text("address"),
          .space = text("namespace"),
          .mount = text("mount"),
          .method = text("auth"),
          .method_mount = text("authMount"),
          .role = text("role"),
          .token = secret("token"),
          .token_origin = configuration.origin("secrets.vault.token"),
          .secret_id = secret("secretId"),
          .jwt = secret("jwt")};
}

}  // namespace

struct References::Stores {
  CurlClient http;
  AwsSession aws;
  AwsSecretStore aws_secrets;
  AwsParameterStore parameters;
  FileStore file;
  CurlClient vault_http;  // trusts other authorities than AWS's
  VaultStore vault;

  Stores(const Configuration& configuration, const Environment& environment, Redactor& redactor,
         Interrupt& interrupt, const Clock& clock)
      : http(environment, interrupt),
        aws({.http = http,
             .environment = environment,
             .clock = clock,
             .interrupt = interrupt,
             .redactor = redactor},
            configuration.text("region")),
        aws_secrets(aws),
        parameters(aws),
        file(configuration.text("secrets.file")),
        vault_http(environment, interrupt,
                   {.ca_bundle = configuration.text("secrets.vault.caCert")}),
        vault(vault_options(configuration), {.http = vault_http,
                                             .environment = environment,
                                             .interrupt = interrupt,
                                             .redactor = redactor}) {}
};

References::References(const Configuration& configuration, DefaultProvider fallback,
                       const Environment& environment, Redactor& redactor, Interrupt& interrupt,
                       const Clock& clock)
    : stores_(std::make_unique<Stores>(configuration, environment, redactor, interrupt, clock)) {
  const std::string provider = configuration.text("secrets.provider");
  SecretStore* store = nullptr;
  if (provider == "file") {
    store = &stores_->file;
  } else if (provider == "vault") {
    store = &stores_->vault;
  } else if (provider == "aws" || fallback == DefaultProvider::aws) {
    store = &stores_->aws_secrets;
  }
  resolver_ = std::make_unique<Resolver>(store, &stores_->parameters, environment, redactor);
}

References::~References() = default;

HttpClient& References::http() noexcept { return stores_->http; }
AwsApi& References::aws() noexcept { return stores_->aws.api(); }

}  // namespace dunlin
