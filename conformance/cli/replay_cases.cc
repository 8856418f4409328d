#include "conformance/cli/replay_cases.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <filesystem>

#include "harness/files/input_file.h"
#include "harness/run/example.h"
#include "harness/wire/http_text.h"

namespace conformance {

using harness::fail;
using harness::Result;
namespace run = harness::run;

namespace {

constexpr std::size_t kMaxFiles = 100000;

// The operation that a text is for, as far as its target says.
std::string operation_of(const harness::wire::HttpText& text, const CaseData& data) {
  const auto target = text.request.headers.find("X-Amz-Target");
  if (text.raw || !target) return std::string(run::kProtocol);
  const auto dot = target->find('.');
  const std::string name(dot == std::string_view::npos ? *target : target->substr(dot + 1));
  return data.examples.contains(name) ? name : std::string(run::kProtocol);
}

// Whether it may change what other requests are answered: some endpoints find these names wherever they
// stand.
bool may_change(std::string_view http_text) {
  return RE2::PartialMatch(http_text, "(?i)CreateDocument|DeleteDocument|ModifyDocumentPermission");
}

}  // namespace

Result<std::vector<std::string>> gather_http_files(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const auto& name : names) {
    std::error_code ec;
    const auto there = std::filesystem::status(name, ec);
    if (!std::filesystem::exists(there))
      return fail(fmt::format("{}: there is no such file or folder", name));
    if (!std::filesystem::is_directory(there)) {
      out.push_back(name);
      continue;
    }
    const std::size_t before = out.size();
    for (auto it = std::filesystem::recursive_directory_iterator(name, ec);
         !ec && it != std::filesystem::end(it); it.increment(ec)) {
      if (it->is_regular_file(ec) && it->path().extension() == ".http") out.push_back(it->path().string());
      if (out.size() > kMaxFiles) return fail(fmt::format("{}: more than {} files", name, kMaxFiles));
    }
    if (ec) return fail(fmt::format("{}: {}", name, ec.message()));
    if (out.size() == before) return fail(fmt::format("{}: the folder holds no .http file", name));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<run::Case> replay_case(const std::string& path, const CaseData& data,
                              const run::Situation& situation) {
  const auto content = harness::files::read_file(path);
  if (!content) return tl::unexpected(content.error());
  const auto text = harness::wire::parse_http_text(*content);
  if (!text) return fail(fmt::format("{}: {}", path, text.error().message));
  if (const auto prepared = run::prepare(situation, *content); !prepared)
    return fail(fmt::format("{}: {}", path, prepared.error().message));
  run::Case c;
  c.id = path;
  c.operation = operation_of(*text, data);
  c.source = run::Source::replayed;
  c.title = path;
  for (const auto& comment : text->comments) {
    if (!comment.empty() && comment.front() != '@') {
      c.title = comment;
      break;
    }
  }
  c.request = *content;
  c.changes = may_change(*content);
  const auto example = data.examples.find(c.operation);
  c.by_model = example != data.examples.end() && example->second.by_model;
  c.control =
      example == data.examples.end()
          ? run::request_text(data.model.identity(), "{{protocol-operation}}", "{{protocol-body}}")
          : run::request_text(data.model.identity(), c.operation, run::to_body(example->second.input));
  c.hostile = true;
  return c;
}

}  // namespace conformance
