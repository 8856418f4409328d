#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/result.h"

/// The format of the shared AWS config and credentials files
/// (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html).
namespace conformance {

using IniSection = std::map<std::string, std::string>;
using IniFile = std::map<std::string, IniSection>;

/// Reads text of this format. As the SDKs do, it merges sections of one name, lets the last of several values
/// win, takes keys in any case, and passes over settings nested below another (they stand further in).
/// Errors: "line 3: …", without the line's content, which may be a secret.
harness::Result<IniFile> parse_aws_ini(std::string_view text);

/// The file, or nothing if there is none. Errors name it.
harness::Result<std::optional<IniFile>> read_aws_ini(const std::string& path);

}  // namespace conformance
