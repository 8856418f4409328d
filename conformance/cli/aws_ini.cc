#include "conformance/cli/aws_ini.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "harness/base/ascii.h"
#include "harness/files/input_file.h"

namespace conformance {
namespace {

using harness::fail;
using harness::Result;

constexpr std::size_t kLargestFile = std::size_t{16} << 20;
constexpr std::string_view kBlanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  return harness::base::trimmed(text, kBlanks);
}

// "profile   work" -> "profile work"; also in quotes, which names with blanks have.
std::string section_name(std::string_view text) {
  std::string out;
  for (const char c : trimmed(text)) {
    if (c == '"') continue;
    const bool blank = c == ' ' || c == '\t';
    if (!blank) out += c;
    if (blank && !out.ends_with(' ')) out += ' ';
  }
  return out;
}

bool is_text(std::string_view line) {
  return std::none_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7f;
  });
}

class Parser {
 public:
  // The problem with this line, or "".
  std::string_view take(std::string_view line) {
    if (!is_text(line)) return "holds control characters: is this a text file?";
    const std::string_view content = trimmed(line);
    if (content.empty() || content.front() == '#' || content.front() == ';') return {};
    const std::size_t indent = line.find_first_not_of(kBlanks);
    if (content.front() == '[') return section(content);
    if (section_ == nullptr) return "a setting before the first [section]";
    const std::size_t equals = content.find('=');
    const std::string name = harness::base::lower(trimmed(content.substr(0, equals)));
    const auto value = trimmed(content.substr(std::min(equals, content.size() - 1) + 1));
    if (has_setting_ && indent > indent_) {
      const bool setting = equals != std::string_view::npos && !name.empty();
      if (above_ != nullptr && setting) (*above_)[name] = value;
      return {};
    }
    if (equals == std::string_view::npos) return "neither a [section] nor \"name = value\"";
    if (name.empty()) return "there is no name before the '='";
    section_->settings[name] = value;
    above_ = value.empty() ? &section_->nested[name] : nullptr;
    has_setting_ = true;
    indent_ = indent;
    return {};
  }

  IniFile take_file() { return std::move(file_); }

 private:
  std::string_view section(std::string_view content) {
    const std::size_t end = content.find(']');
    if (end == std::string_view::npos) return "a [section] without its ']'";
    const std::string name = section_name(content.substr(1, end - 1));
    if (name.empty()) return "a [section] without a name";
    section_ = &file_[name];
    above_ = nullptr;
    has_setting_ = false;
    return {};
  }

  IniFile file_;
  IniSection* section_ = nullptr;
  IniSection::Settings* above_ = nullptr;  ///< what is nested below the last setting
  bool has_setting_ = false;
  std::size_t indent_ = 0;  ///< of the last setting
};

}  // namespace

Result<IniFile> parse_aws_ini(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // as editors on Windows write it
  Parser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const auto problem = parser.take(text.substr(0, end)); !problem.empty())
      return fail(fmt::format("line {}: {}", number, problem));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parser.take_file();
}

Result<std::optional<IniFile>> read_aws_ini(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return std::optional<IniFile>();
  const auto text = harness::files::read_file(path, kLargestFile);
  if (!text) return tl::unexpected(text.error());
  auto file = parse_aws_ini(*text);
  if (!file) return fail(fmt::format("{}: {}", path, file.error().message));
  return std::optional(std::move(*file));
}

}  // namespace conformance
