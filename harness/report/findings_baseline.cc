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

bool is_signature(std::string_view text) {
  return text.find('|') != std::string_view::npos && !text.starts_with('#');
}

Result<Signatures> from_index(std::string_view name, std::string_view text) {
  const auto parsed = wire::parse_json(text);
  if (!parsed) {
    return fail(
        fmt::format("{}: not JSON: {} at byte {}", name, parsed.error().reason, parsed.error().offset));
  }
  const auto& file = parsed->value;
  const auto findings = file.find("findings");
  if (findings == file.end() || !findings->is_array()) {
    return fail(fmt::format("{}: neither an index of findings nor one signature a line", name));
  }
  Signatures out;
  for (const auto& entry : *findings) {
    const auto text_of = [&](const char* member) {
      const bool there = entry.is_object() && entry.contains(member) && entry[member].is_string();
      return there ? entry[member].get<std::string>() : std::string();
    };
    const std::string signature = signature_text(text_of("signature"));
    if (!is_signature(signature)) {
      return fail(fmt::format("{}: \"findings\" must be objects with a \"signature\"", name));
    }
    if (text_of("state") != kFixed) out.insert(signature);
  }
  return out;
}

}  // namespace

Result<Signatures> load_findings_baseline(const std::string& path) {
  const auto text = files::read_file(path);
  if (!text) return tl::unexpected(text.error());
  return parse_findings_baseline(*text, path);
}

Result<Signatures> parse_findings_baseline(std::string_view text, std::string_view name) {
  if (!is_utf8(text)) return fail(fmt::format("{}: not UTF-8", name));
  if (text.starts_with('{')) return from_index(name, text);
  Signatures out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    std::string signature = signature_text(line);
    if (signature.empty() || signature.starts_with('#')) continue;
    if (!is_signature(signature)) {
      return fail(fmt::format("{}: line {}: no signature (operation|rule|kind of request|kind of answer)",
                              name, number));
    }
    out.insert(std::move(signature));
  }
  return out;
}

std::string findings_baseline_text(const Signatures& signatures) {
  std::string text =
      "# Findings that are expected, one signature a line (ssm-conformance findings --baseline)\n";
  for (const std::string& signature : signatures) text += signature_text(signature) + "\n";
  return text;
}

Status save_findings_baseline(const std::string& path, const Signatures& signatures) {
  return files::write_file(path, findings_baseline_text(signatures));
}

}  // namespace harness::report
