// CloudFormation tells a failure many times: the resource that failed, each one that was called off
// because of it, the stack, and the roll-back. Only the first is of use to anybody.
#include "fargate/failure.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin::fargate {
namespace {

struct Hint {
  std::string_view says;  ///< part of AWS's reason, in small letters
  std::string_view hint;
};

// The first that fits counts. The reasons are those of the services, seen in their documentation
// and in reports of users.
constexpr std::array kHints = {
    Hint{"scheduled for deletion",
         "the secret was deleted and is kept for some days: bring it back with `aws secretsmanager "
         "restore-secret`, or delete it at once with --force-delete-without-recovery"},
    Hint{"service linked role",
         "AWS makes that role at the first use of a service: deploy again in a minute"},
    Hint{"service-linked role",
         "AWS makes that role at the first use of a service: deploy again in a minute"},
    Hint{"requires capabilities", "the template makes IAM roles: deploy with CAPABILITY_IAM"},
    Hint{"not authorized to perform",
         "whoever deploys lacks that permission: docs/fargate.md lists what deploy needs"},
    Hint{"accessdenied",
         "whoever deploys lacks that permission: docs/fargate.md lists what deploy needs"},
    Hint{"access denied",
         "whoever deploys lacks that permission: docs/fargate.md lists what deploy needs"},
    Hint{"availability zone",
         "name subnets in two availability zones at least: -fargate.subnets=subnet-a,subnet-b"},
    Hint{"already exist",
         "it was made before, by hand or by another stack: delete it, or choose other names with "
         "-fargate.task, -fargate.cluster or DB_SECRET_PREFIX"},
    Hint{"cannot find version",
         "choose a version that the region has: -fargate.databaseVersion=16.6; `aws rds "
         "describe-db-engine-versions --engine aurora-postgresql` lists them"},
    Hint{"while tasks are", "wait for the tasks, or stop them: `dunlin fargate status` lists them"},
    Hint{"reserved word", "choose another DB_USER or DB_NAME"},
    Hint{"limitexceeded", "a quota of the account is used up: have it raised in Service Quotas"},
    Hint{"limit exceeded", "a quota of the account is used up: have it raised in Service Quotas"},
    Hint{"maximum limit", "a quota of the account is used up: have it raised in Service Quotas"},
    Hint{"keypair", "make the key pair in EC2 first, or leave -fargate.bastionKey out"},
    Hint{"key pair", "make the key pair in EC2 first, or leave -fargate.bastionKey out"},
    Hint{"subnet id", "look at -fargate.subnets and at the region"},
    Hint{"vpc id", "look at -fargate.vpc and at the region"},
};

bool is_consequence(const StackEvent& event) {
  const std::string reason = lower(event.reason);
  return reason.ends_with("cancelled") || reason.contains("resource(s) failed to") ||
         reason.starts_with("resource creation cancelled") ||
         reason.starts_with("resource update cancelled");
}

}  // namespace

const StackEvent* first_cause(std::span<const StackEvent> events) noexcept {
  const auto failed = [](const StackEvent& event) { return event.status.ends_with("_FAILED"); };
  const auto real = std::ranges::find_if(events, [&](const StackEvent& event) {
    return failed(event) && !event.reason.empty() && !is_consequence(event);
  });
  if (real != events.end()) return &*real;
  const auto any = std::ranges::find_if(events, failed);
  return any == events.end() ? nullptr : &*any;
}

std::string hint_for(std::string_view reason) {
  const std::string small = lower(reason);
  const auto* const found =
      std::ranges::find_if(kHints, [&](const Hint& each) { return small.contains(each.says); });
  return found == kHints.end() ? std::string() : std::string(found->hint);
}

}  // namespace dunlin::fargate
