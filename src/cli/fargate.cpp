#include "cli/fargate.hpp"

#include "aws/secret_file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "cli/references.hpp"
#include "fargate/fargate.hpp"
#include "fargate/logs.hpp"
#include "fargate/run.hpp"
#include "fargate/secrets.hpp"
#include "fargate/status.hpp"
#include "job/inputs.hpp"
#include "ssh/new_key.hpp"

namespace dunlin {
namespace {

/// Leaves references to secrets as they stand: the task resolves them, nobody here.
Result<void> keep_references(Configuration& configuration) {
  return configuration.resolve([](std::string_view reference) -> Result<Secret> {
    return Secret(fmt::format("${{{}}}", reference));
  });
}

/// What the job says of a missing variable, for who writes the task definition.
Error at_home(Error error) {
  constexpr std::string_view theirs =
      "it is usually set among the environment variables of the task";
  if (error.hint.starts_with(theirs)) {
    error.hint = "set it here as for dunlin run: deploy takes it over into the task definition";
  }
  return error;
}

/// What the job would read, were it run here with this configuration.
Result<fargate::DeployInputs> deploy_inputs(Configuration& configuration) {
  DUNLIN_TRY(keep_references(configuration));
  if (configuration.boolean("fargate.createDatabase")) {
    DUNLIN_TRY(configuration.put_below(
        {.key = "db.host", .values = {"made-by-the-stack"}, .origin = "fargate.createDatabase"}));
  }
  auto inputs = job_inputs(configuration, std::nullopt);
  if (!inputs) return at_home(std::move(inputs).error());
  const JobInputs& job = *inputs;
  std::vector<std::string> references = {job.deploy_key, job.passphrase, job.token,
                                         job.database_secret, job.password};
  for (const JobInputs::Role& role : job.roles) references.push_back(role.reference);
  return fargate::DeployInputs{.configuration = configuration,
                               .secrets = fargate::references_in(join(references, " ")).secrets,
                               .repository = job.repository};
}

Result<Secret> read_value(const FargateCall& call, std::string_view question) {
  const std::string file = call.configuration.text("fromFile");
  auto value = file.empty() ? read_secret(question, call.world.interrupt) : read_secret_file(file);
  if (!value && !file.empty()) {
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("file {} cannot be read: {}", file, value.error().message)};
  }
  if (value) call.redactor.learn(value->reveal());
  return value;
}

fargate::KeyPair key_pair(ssh::NewKey key) {
  return {.private_text = std::move(key.private_text),
          .public_line = std::move(key.public_line),
          .fingerprint = std::move(key.fingerprint)};
}

Result<int> secrets(const FargateCall& call, const fargate::Context& context) {
  DUNLIN_TRY(keep_references(call.configuration));
  if (call.operands.empty()) return fargate::print_secrets(call.configuration, context);
  if (call.operands.front() != "put") {
    return Error{.code = ErrorCode::usage,
                 .message = fmt::format("fargate secrets does not know {}", call.operands.front()),
                 .hint = "write dunlin fargate secrets, or dunlin fargate secrets put NAME"};
  }
  const fargate::SecretTools tools{
      .read = [&](std::string_view question) { return read_value(call, question); },
      .make_key = [](std::string_view comment) -> Result<fargate::KeyPair> {
        return key_pair(DUNLIN_TRY(ssh::make_key(comment)));
      },
      .read_key = [](const Secret& pasted, std::string_view comment) -> Result<fargate::KeyPair> {
        return key_pair(DUNLIN_TRY(ssh::read_key(pasted, comment)));
      }};
  const Configuration& asked = call.configuration;
  using Put = fargate::PutOptions;
  return fargate::put_secret(
      {call.operands.begin() + 1, call.operands.end()},
      {.value = asked.boolean("generate") || asked.boolean("generateKey") ? Put::Value::generated
                                                                          : Put::Value::read,
       .existing = asked.boolean("overwrite") ? Put::Existing::overwritten : Put::Existing::kept},
      call.configuration, tools, context);
}

}  // namespace

Result<int> run_fargate(const FargateCall& call) {
  if (call.command == "fargate template") return fargate::print_template(call.output);
  const std::string region = DUNLIN_TRY(call.configuration.required("region"));
  // What changes something is not broken off in the middle of a question to AWS by the first
  // signal, so that it is always known whether a task was started or a stack is being changed; a
  // second signal ends the process anyway.
  Interrupt nobody;
  const bool only_reads = call.command == "fargate logs" || call.command == "fargate status";
  References references(call.configuration, DefaultProvider::none, call.world.environment,
                        call.redactor, only_reads ? call.world.interrupt : nobody, call.clock);
  const Ask ask_all_the_same = ask_at_terminal(nobody);
  const fargate::Context context{
      .aws = references.aws(),
      .region = region,
      .output = call.output,
      .clock = call.clock,
      .interrupt = call.world.interrupt,
      // Whether to stop a task is asked because a signal has come.
      .ask = call.command == "fargate run" ? ask_all_the_same : call.world.ask,
      .shape = call.configuration.text("outputType") == "json" ? fargate::Context::Shape::json
                                                               : fargate::Context::Shape::text};
  if (call.command == "fargate deploy") {
    const fargate::DeployInputs inputs = DUNLIN_TRY(deploy_inputs(call.configuration));
    return fargate::deploy(inputs, context);
  }
  if (call.command == "fargate destroy") return fargate::destroy(call.configuration, context);
  if (call.command == "fargate secrets") return secrets(call, context);
  if (call.command == "fargate run") {
    return fargate::run(fargate::run_options(call.configuration, call.operand.value_or("")),
                        context);
  }
  const fargate::Names names = fargate::names_of(call.configuration);
  if (call.command == "fargate logs") {
    const bool follows = call.configuration.boolean("follow");
    return fargate::print_log(names, call.operand.value_or(""),
                              follows ? fargate::Follow::yes : fargate::Follow::no, context);
  }
  if (call.command == "fargate status") return fargate::print_status(names, context);
  return Error{.code = ErrorCode::internal, .message = fmt::format("nobody does {}", call.command)};
}

}  // namespace dunlin
