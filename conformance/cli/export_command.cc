#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "conformance/cli/commands.h"
#include "conformance/cli/execute.h"
#include "conformance/cli/sample_situation.h"
#include "harness/files/output_file.h"
#include "harness/wire/http_text.h"

namespace conformance {

namespace oracle = harness::oracle;
namespace run = harness::run;
namespace wire = harness::wire;
using wire::Json;

namespace {

constexpr int kFormat = 1;  // of conformance/schemas/vectors.schema.json

// Of an HTTP text with placeholders, which stay: in parts, or, where the bytes are the point, as it is.
Json request_json(const std::string& http_text) {
  Json out = {{"http", http_text}};
  const auto text = wire::parse_http_text(http_text);
  if (!text || text->raw || text->escaped || !text->comments.empty() || !text->without.empty()) return out;
  Json headers = Json::object();
  for (const auto& line : text->request.headers.lines()) headers[line.name] = line.value;
  out["method"] = text->request.method;
  out["target"] = text->request.target;
  out["headers"] = std::move(headers);
  out["body"] = text->request.body;
  return out;
}

Json outcome_json(const oracle::Outcome& outcome) {
  Json out = {{"status", outcome.status}};
  if (!outcome.code.empty()) out["error"] = outcome.code;
  out["known"] = oracle::to_string(outcome.provenance);
  return out;
}

Json outcomes_json(const std::vector<oracle::Outcome>& outcomes) {
  Json out = Json::array();
  for (const auto& o : outcomes) out.push_back(outcome_json(o));
  return out;
}

Json admissible_json(const oracle::Expectation& expectation) {
  Json because = Json::array();
  for (const oracle::Row* row : expectation.rows) because.push_back(row->because);
  return {{"success", expectation.success},
          {"errors", outcomes_json(expectation.errors)},
          {"tolerated", outcomes_json(expectation.advised)},
          {"any_client_error", expectation.any_rejection},
          {"below_500_is_enough",
           expectation.scope == oracle::Force::availability || expectation.scope == oracle::Force::liveness},
          {"because", std::move(because)}};
}

// Nothing for a case whose placeholders mean nothing without a run.
std::optional<Json> vector_json(const run::Situation& situation, const run::Case& c) {
  const auto prepared = run::prepare(situation, c.request);
  if (!prepared) return std::nullopt;
  Json breaks = Json::array();
  for (const auto& v : prepared->classification.violations)
    breaks.push_back({{"rule", v.name()}, {"detail", v.detail}});
  Json out = {{"id", c.id}, {"title", c.title}, {"clauses", c.clauses}, {"request", request_json(c.request)}};
  if (!c.control.empty()) out["control"] = request_json(c.control);
  out["breaks"] = std::move(breaks);
  out["admissible"] = admissible_json(prepared->expectation);
  out["valid_by_model_alone"] = c.by_model;
  out["changes_state"] = c.changes;
  return out;
}

Json clauses_json(const CaseData& data, const std::set<std::string>& ids) {
  Json out = Json::object();
  for (const Clause& clause : data.clauses) {
    if (!ids.contains(clause.id)) continue;
    out[clause.id] = {
        {"requirement", clause.requirement}, {"source", clause.source}, {"section", clause.section}};
  }
  return out;
}

Json call_json(const harness::model::CallTemplate& call) {
  return {{"operation", call.operation}, {"input", call.input}};
}

// What a vector may ask for besides the fixtures.
constexpr std::pair<const char*, const char*> kValues[] = {
    {"prefix", "the beginning of names of yours, letters, digits and hyphens"},
    {"repeat", "with a count and a text behind it: the text, so many times"},
    {"region", "the region that requests are signed for"},
    {"service", "the service that requests are signed for"},
    {"access-key", "the id of the key that requests are signed with"},
    {"date", "the date of the request, as 20260131"},
    {"amz-date", "the time of the request, as 20260131T235959Z"},
    {"protocol-operation", "any operation that the endpoint has"},
    {"protocol-body", "a valid body of that operation"},
    {"protocol-members", "that body without its outer braces"},
};

Json values_json() {
  Json out = Json::object();
  for (const auto& [name, meaning] : kValues) out[name] = meaning;
  return out;
}

// What the placeholders stand for, and how it is made.
Json placeholders_json(const run::Catalogue& catalogue) {
  Json out = Json::object();
  for (const run::Fixture& fixture : catalogue.fixtures()) {
    Json of = {{"form", run::to_string(fixture.form)}};
    if (!fixture.kind.empty()) of["kind"] = fixture.kind;
    if (!fixture.of.empty()) of["of"] = fixture.of;
    if (!fixture.holds.empty()) of["holds"] = fixture.holds;
    if (const auto* kind = catalogue.kind(fixture.kind); kind != nullptr && kind->create) {
      of["made_by"] = call_json(*kind->create);
      if (kind->generated) of["named_at"] = kind->id_pointer;
    }
    out[fixture.name] = std::move(of);
  }
  return out;
}

harness::Status write_json(const std::filesystem::path& path, const Json& value) {
  return harness::files::write_file(path.string(),
                                    value.dump(1, ' ', true, Json::error_handler_t::replace) + "\n");
}

}  // namespace

int export_command(const ExportOptions& o) {
  const auto selected = load_selected(o.selection);
  if (!selected) return complain(selected.error().message, 2);
  const CaseData& data = selected->data;
  const auto situation = sample_situation(data);
  std::error_code ec;
  std::filesystem::create_directories(o.folder, ec);
  if (!std::filesystem::is_directory(o.folder, ec))
    return complain(fmt::format("{}: is not a folder, and none can be made there", o.folder), 2);

  std::map<std::string, Json> vectors;  // by operation
  std::map<std::string, std::set<std::string>> clauses;
  std::size_t scenarios = 0, unbound = 0;
  for (const run::Case& c : selected->cases) {
    if (c.scenario) {
      ++scenarios;
      continue;
    }
    auto vector = vector_json(situation, c);
    if (!vector) {
      ++unbound;
      continue;
    }
    clauses[c.operation].insert(c.clauses.begin(), c.clauses.end());
    vectors[c.operation].push_back(*std::move(vector));
  }

  const auto& service = data.model.identity();
  const Json head = {{"format", kFormat}, {"tool", "ssm-conformance"}, {"tool_version", SSMC_VERSION}};
  Json files = Json::object();
  std::size_t total = 0;
  for (auto& [operation, of] : vectors) {
    Json file = head;
    file["kind"] = "vectors";
    file["operation"] = operation;
    file["clauses"] = clauses_json(data, clauses[operation]);
    total += of.size();
    files[operation + ".json"] = of.size();
    file["vectors"] = std::move(of);
    if (auto written = write_json(std::filesystem::path(o.folder) / (operation + ".json"), file); !written)
      return complain(written.error().message, 4);
  }
  Json index = head;
  index["kind"] = "index";
  index["service"] = {{"id", service.id},
                      {"version", service.version},
                      {"target_prefix", service.target_prefix},
                      {"content_type", service.content_type},
                      {"model_hash", data.model.hash()}};
  index["files"] = std::move(files);
  index["values"] = values_json();
  index["placeholders"] = placeholders_json(data.catalogue);
  index["left_out"] = {{"scenarios", scenarios}, {"of_a_run", unbound}};
  if (auto written = write_json(std::filesystem::path(o.folder) / "index.json", index); !written)
    return complain(written.error().message, 4);
  fmt::print("{} vectors of {} operations in {}; left out: {} scenarios of several calls", total,
             vectors.size(), o.folder, scenarios);
  if (unbound > 0) fmt::print(", {} whose values only a run has", unbound);
  fmt::print("\n");
  return 0;
}

}  // namespace conformance
