#include "cli/references.hpp"

#include "base/text.hpp"
#include "secrets/aws_store.hpp"
#include "secrets/file_store.hpp"

namespace dunlin {

struct References::Stores {
  CurlClient http;
  AwsSession aws;
  AwsSecretStore aws_secrets;
  AwsParameterStore parameters;
  FileStore file;

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
        file(configuration.text("secrets.file")) {}
};

References::References(const Configuration& configuration, DefaultProvider fallback,
                       const Environment& environment, Redactor& redactor, Interrupt& interrupt,
                       const Clock& clock)
    : stores_(std::make_unique<Stores>(configuration, environment, redactor, interrupt, clock)) {
  const std::string provider = configuration.text("secrets.provider");
  SecretStore* store = nullptr;
  if (provider == "file") {
    store = &stores_->file;
  } else if (provider == "aws" || fallback == DefaultProvider::aws) {
    store = &stores_->aws_secrets;
  }
  resolver_ = std::make_unique<Resolver>(store, &stores_->parameters, environment, redactor);
}

References::~References() = default;

HttpClient& References::http() noexcept { return stores_->http; }

}  // namespace dunlin
