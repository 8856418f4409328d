#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "conformance/ssm/reference_tags.h"

/// The state of the family on the reference endpoint: parameters with their versions.
namespace conformance::ssm::parameters {

struct Version {
  std::int64_t number = 1;
  std::string value, type, description, key_id, allowed_pattern;
  std::string data_type = "text";
  std::string tier = "Standard";
  std::chrono::system_clock::time_point written;
  std::set<std::string> labels;
};

struct Parameter {
  std::string name;              ///< as it was created: "x", "/x" or "/a/b"
  std::deque<Version> versions;  ///< ascending; at least one, at most kMaxVersions
  Tags tags;

  const Version& latest() const { return versions.back(); }
  /// nullptr if there is none of this number, or with this label.
  Version* find(std::string_view selector);
  Version* find(std::int64_t number);
};

inline constexpr std::size_t kMaxVersions = 100;
inline constexpr std::size_t kMaxLevels = 15;
inline constexpr std::size_t kMaxLabels = 10;

/// A parameter as a request names it: "name", "name:3", "name:label", or its ARN.
struct Asked {
  std::string key;       ///< under which it is kept
  std::string shown;     ///< as the answer names it
  std::string selector;  ///< without the colon; "" if there is none
};
Asked read_name(std::string_view text);

/// The key of a name: `x` and `/x` are one parameter.
std::string key_of(std::string_view name);

/// Why no parameter can have this name; nothing if one can.
std::optional<std::string> why_no_name(std::string_view name);
/// How many levels a name has: 1 for `x`, 2 for `/a/b`.
std::size_t levels_of(std::string_view name);
/// Whether the first level begins with this word, in any case.
bool begins_with_word(std::string_view name, std::string_view word);

/// Whether parameters can be below it: "/", "/a", "/a/".
bool is_path(std::string_view text);
inline constexpr std::string_view kNoPath =
    "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a "
    "forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must use only "
    "letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters "
    "are not allowed. All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: "
    "/get/parameters2-/by1./path0_.";

/// Whether a parameter is below a path ("/a", "/a/", "/"): directly, or at any depth.
bool is_below(std::string_view name, std::string_view path, bool recursive);

/// Whether a version can have this label.
bool is_label(std::string_view label);

}  // namespace conformance::ssm::parameters
