#include "conformance/ssm/parameters/reference_store.h"

#include <algorithm>

#include "harness/base/ascii.h"

namespace conformance::ssm::parameters {
namespace {

namespace base = harness::base;

bool is_name_character(char c) {
  return base::is_letter(c) || base::is_digit(c) || c == '.' || c == '-' || c == '_';
}

std::string_view first_level(std::string_view name) {
  if (name.starts_with('/')) name.remove_prefix(1);
  return name.substr(0, name.find('/'));
}

}  // namespace

Version* Parameter::find(std::int64_t number) {
  const auto found =
      std::find_if(versions.begin(), versions.end(), [&](const Version& v) { return v.number == number; });
  return found == versions.end() ? nullptr : &*found;
}

Version* Parameter::find(std::string_view selector) {
  const auto found = std::find_if(versions.begin(), versions.end(), [&](const Version& v) {
    return std::to_string(v.number) == selector || v.labels.contains(std::string(selector));
  });
  return found == versions.end() ? nullptr : &*found;
}

std::string key_of(std::string_view name) {
  if (name.starts_with('/') && name.find('/', 1) == std::string_view::npos) name.remove_prefix(1);
  return std::string(name);
}

Asked read_name(std::string_view text) {
  Asked out;
  constexpr std::string_view kInArn = ":parameter/";
  const auto at = text.starts_with("arn:") ? text.find(kInArn) : std::string_view::npos;
  if (at != std::string_view::npos) text.remove_prefix(at + kInArn.size() - 1);
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) out.selector = text.substr(colon + 1);
  out.key = key_of(text.substr(0, colon));
  // An ARN has a slash before every name.
  out.shown = at == std::string_view::npos ? std::string(text.substr(0, colon)) : out.key;
  return out;
}

std::optional<std::string> why_no_name(std::string_view name) {
  const bool plain =
      std::all_of(name.begin(), name.end(), [](char c) { return c == '/' || is_name_character(c); });
  const bool empty_level = name.find("//") != std::string_view::npos || name.ends_with('/') || name.empty();
  if (!plain || empty_level)
    return "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can "
           "consist of "
           "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and "
           "the "
           "following 3 symbols .-_";
  if (!name.starts_with('/') && name.find('/') != std::string_view::npos)
    return "Parameter name must be a fully qualified name.";
  return std::nullopt;
}

std::size_t levels_of(std::string_view name) {
  const auto slashes = static_cast<std::size_t>(std::count(name.begin(), name.end(), '/'));
  return std::max<std::size_t>(1, slashes);
}

bool begins_with_word(std::string_view name, std::string_view word) {
  return base::lower(first_level(name)).starts_with(word);
}

bool is_path(std::string_view text) {
  if (!text.starts_with('/')) return false;
  if (text.size() == 1) return true;
  if (text.ends_with('/')) text.remove_suffix(1);
  return !why_no_name(text);
}

bool is_below(std::string_view name, std::string_view path, bool recursive) {
  const std::string whole = name.starts_with('/') ? std::string(name) : '/' + std::string(name);
  std::string above(path);
  if (!above.ends_with('/')) above += '/';
  if (!whole.starts_with(above)) return false;
  return recursive || whole.find('/', above.size()) == std::string::npos;
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 100 || base::is_digit(label.front())) return false;
  const std::string small = base::lower(label);
  return !small.starts_with("aws") && !small.starts_with("ssm") &&
         std::all_of(label.begin(), label.end(), is_name_character);
}

}  // namespace conformance::ssm::parameters
