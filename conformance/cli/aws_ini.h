#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/result.h"

/// The format of the shared AWS config and credentials files
/// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
namespace conformance {

struct IniSection {
  using Settings = std::map<std::string, std::string>;  ///< by name, in lower case
  Settings settings;
  /// What stands further in, below a setting without a value of its own:
  ///
  ///     ssm =
  ///       endpoint_url = http://127.0.0.1:4566
  std::map<std::string, Settings> nested;
};
using IniFile = std::map<std::string, IniSection>;

/// Reads text of this format. As the SDKs do, it merges sections of one name, lets the last of several values
/// win, takes keys in any case, and ignores lines that stand further in where the setting above has a value.
/// Errors: "line 3: …", without the line's content, which may be a secret.
harness::Result<IniFile> parse_aws_ini(std::string_view text);

/// The file, or nothing if there is none. Errors name it.
harness::Result<std::optional<IniFile>> read_aws_ini(const std::string& path);

}  // namespace conformance
