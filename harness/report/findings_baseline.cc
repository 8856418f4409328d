#include "harness/report/findings_baseline.h"

#include <fmt/format.h>

#include <string_view>

#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "harness/report/finding_text.h"
#include "harness/report/text.h"
#include "harness/wire/json.h"

namespace harness::report {
namespace {

Result<Signatures> from_index(const std::string& path, const std::string& text) {
  const auto parsed = wire::parse_json(text);
  if (!parsed) {
    return fail(
        fmt::format("{}: not JSON: {} at byte {}", path, parsed.error().reason, parsed.error().offset));
  }
  const auto& file = parsed->value;
  const auto findings = file.find("findings");
  if (findings == file.end() || !findings->is_array()) {
    return fail(path + ": neither an index of findings nor one signature a line");
  }
  Signatures out;
  for (const auto& entry : *findings) {
    const auto text_of = [&](const char* name) {
      const bool there = entry.is_object() && entry.contains(name) && entry[name].is_string();
      return there ? entry[name].get<std::string>() : std::string();
    };
    const std::string signature = text_of("signature");
    if (signature.empty()) return fail(path + ": \"findings\" must be objects with a \"signature\"");
    if (text_of("state") != kFixed) out.insert(signature);
  }
  return out;
}

}  // namespace

Result<Signatures> load_findings_baseline(const std::string& path) {
  const auto text = files::read_file(path);
  if (!text) return tl::unexpected(text.error());
  if (!is_utf8(*text)) return fail(path + ": not UTF-8");
  if (text->starts_with('{')) return from_index(path, *text);
  Signatures out;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size()));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.find('|') == std::string_view::npos) {
      return fail(fmt::format("{}: line {}: no signature (operation|rule|kind of request|kind of answer)",
                              path, number));
    }
    out.insert(signature_text(line));
  }
  return out;
}

Status save_findings_baseline(const std::string& path, const Signatures& signatures) {
  std::string text =
      "# Findings that are expected, one signature a line (ssm-conformance findings --baseline)\n";
  for (const std::string& signature : signatures) text += signature_text(signature) + "\n";
  return files::write_file(path, text);
}

}  // namespace harness::report
