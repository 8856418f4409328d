#include "harness/report/run_differences.h"

#include <fmt/format.h>

#include "harness/report/text.h"

namespace harness::report {

std::string option_of(const run::RunInfo& info, const std::string& name) {
  const auto it = info.options.find(name);
  return it == info.options.end() ? std::string() : it->second;
}

std::string selection_text(const run::RunInfo& info) {
  std::string out;
  for (const char* name : {"operation", "filter", "exclude", "shard", "model"}) {
    if (const std::string value = option_of(info, name); !value.empty())
      out += fmt::format("{}--{} {}", out.empty() ? "" : " ", name, value);
  }
  return out.empty() ? "all cases" : out;
}

std::vector<RunDifference> run_differences(const run::RunInfo& first, const run::RunInfo& second) {
  std::vector<RunDifference> out;
  const auto add = [&](std::string_view what, const std::string& a, const std::string& b) {
    if (a != b) out.push_back({what, a, b});
  };
  add("levels", first.level, second.level);
  add("selections", selection_text(first), selection_text(second));
  add("versions", first.tool_version, second.tool_version);
  if (option_of(first, "model") == option_of(second, "model"))
    add("models", first.model_hash, second.model_hash);
  return out;
}

std::string to_string(const RunDifference& difference) {
  constexpr std::size_t kColumns = 200;
  return fmt::format("the {} differ ({} and {}): so do verdicts, whatever the endpoints do", difference.what,
                     cut(one_line(difference.first), kColumns), cut(one_line(difference.second), kColumns));
}

}  // namespace harness::report
