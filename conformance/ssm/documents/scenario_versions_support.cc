#include "conformance/ssm/documents/scenario_versions_support.h"

#include <fmt/format.h>

#include "conformance/ssm/documents/scenario_support.h"

namespace conformance::ssm::documents {
namespace {

namespace wire = harness::wire;

Json creation(ScenarioContext& c, const std::string& name, const std::string& content, const Json& more) {
  Json input = document_input(c, name);
  input["Content"] = content;
  for (const auto& [member, value] : more.items()) input[member] = value;
  return input;
}

}  // namespace

std::string content_saying(std::string_view about) {
  const Json step = {{"action", "aws:runShellScript"},
                     {"name", "nothing"},
                     {"inputs", {{"runCommand", Json::array({"true"})}}}};
  return wire::to_text(
      {{"schemaVersion", "2.2"}, {"description", about}, {"mainSteps", Json::array({step})}});
}

std::optional<std::string> make(ScenarioContext& c, std::string_view purpose, const std::string& content,
                                const Json& more) {
  std::string name = c.name(purpose);
  const Reply reply = c.try_create(kDocument, name, creation(c, name, content, more));
  if (reply.ok()) return name;
  c.blocked(fmt::format("no document can be made: CreateDocument answered {}", reply.text()));
  return std::nullopt;
}

Reply try_make(ScenarioContext& c, std::string_view purpose, const std::string& content, const Json& more) {
  const std::string name = c.name(purpose);
  return c.try_create(kDocument, name, creation(c, name, content, more));
}

Reply try_update(ScenarioContext& c, const std::string& name, const std::string& content, const Json& more) {
  Json input = {{"Name", name}, {"Content", content}, {"DocumentVersion", "$LATEST"}};
  input.update(more);
  return c.call("UpdateDocument", input);
}

bool update(ScenarioContext& c, const std::string& name, const std::string& content, const Json& more) {
  const Reply reply = try_update(c, name, content, more);
  return c.expect(
      reply.ok(), "relation/document",
      fmt::format("UpdateDocument answers {} to new content for {}, which is there", reply.text(), name));
}

std::optional<Json> get(ScenarioContext& c, const std::string& name, const Json& more) {
  Json input = {{"Name", name}};
  input.update(more);
  const Reply reply = c.call("GetDocument", input);
  if (!c.expect(
          reply.ok(), "relation/document",
          fmt::format("GetDocument answers {} to {}, which is there", reply.text(), wire::to_text(input))))
    return std::nullopt;
  return reply.body;
}

void expect_version(ScenarioContext& c, const Json& document, std::string_view version,
                    const std::string& content, std::string_view what) {
  const std::string number = wire::text_member(document, "DocumentVersion");
  c.expect(number == version, "relation/document-version",
           fmt::format("{} is DocumentVersion {}, not {}", what, number.empty() ? "none" : number, version));
  const auto answered = wire::parse_json(wire::text_member(document, "Content"));
  const auto sent = wire::parse_json(content);
  // As JSON has it: the order of members says nothing.
  const bool same = answered && sent && nlohmann::json(answered->value) == nlohmann::json(sent->value);
  c.expect(same, "relation/content", fmt::format("{} has other content than was sent", what));
}

}  // namespace conformance::ssm::documents
