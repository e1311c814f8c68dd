#pragma once

#include "base/environment.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <map>
#include <string>
#include <string_view>

namespace dunlin {

/// The settings of one section; keys in lower case. Some values are secrets, so all are kept as
/// such.
class AwsProfile {
 public:
  void set(std::string_view key, std::string_view value);
  /// Empty when it is not set.
  [[nodiscard]] std::string_view get(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return !get(key).empty(); }

 private:
  std::map<std::string, Secret, std::less<>> settings_;
};

/// What the shared files hold.
struct AwsProfiles {
  std::map<std::string, AwsProfile, std::less<>> profiles;
  std::map<std::string, AwsProfile, std::less<>> sso_sessions;
  std::string places;  ///< the files looked at, for messages
};

/// Which of the two files a text is: their section headings differ.
enum class AwsFile { credentials, config };

/// Adds the sections of one file's text; a setting that is there already is replaced. Lines that
/// are no setting are passed over, as the SDKs do.
void add_profiles(std::string_view text, AwsFile file, AwsProfiles& into);

/// Reads AWS_CONFIG_FILE (~/.aws/config), then AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials),
/// whose settings win. A file that does not exist is empty; one that cannot be read is an error
/// with aws_credentials. Without HOME only what is named is read.
[[nodiscard]] Result<AwsProfiles> read_profiles(const Environment& environment);

}  // namespace dunlin
