#include "report/output_file.hpp"

#include "base/text.hpp"

#include <string>
#include <system_error>

namespace dunlin {

Result<void> check_output_file(std::string_view option, const std::filesystem::path& file,
                               const NamingOptions& naming) {
  constexpr std::string_view kConfig = ".conf";
  std::string name = file.filename().string();
  if (name.ends_with(kConfig)) name.resize(name.size() - kConfig.size());
  const ScriptName parsed = parse_script_name(name, naming);
  if (std::holds_alternative<NotAScript>(parsed)) return {};
  std::error_code unreadable;
  const bool exists = std::filesystem::exists(file, unreadable);
  if (std::holds_alternative<InvalidName>(parsed) && !exists) return {};
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format("{} {} is a script{}", option, file.string(),
                                      exists ? ", and would be overwritten" : " by its name"),
               .hint = "name another file, such as dunlin.log"};
}

}  // namespace dunlin
