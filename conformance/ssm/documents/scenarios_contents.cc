// What stands in a document: it comes back as it was sent, and what is no document is refused.
#include <fmt/format.h>

#include "conformance/ssm/documents/scenario_versions_support.h"

namespace conformance::ssm::documents {
namespace {

namespace wire = harness::wire;

constexpr std::size_t kLargest = 64 * 1024;

// Blanks, escapes and characters that a reader and writer of JSON would spell otherwise.
void content_is_kept(ScenarioContext& c) {
  if (!c.has({"GetDocument"})) return;
  const std::string content =
      "{ \"schemaVersion\" : \"2.2\",\n\t\"description\": \"caf\\u00e9 \xe4\xb8\xad \xf0\x9f\x98\x80 \\/ "
      "{x}\",\r\n"
      "  \"mainSteps\": [ {\"action\":\"aws:runShellScript\", \"name\":\"nothing\", "
      "\"inputs\":{\"runCommand\":[\"true\"]}} ] }";
  const auto name = make(c, "content", content);
  if (!name) return;
  const auto document = get(c, *name);
  if (!document) return;
  expect_version(c, *document, "1", content, "a document that was just made");
  if (c.failed()) return;
  c.advise(wire::text_member(*document, "Content") == content, "relation/content-spelling",
           "Content says what was sent, but is spelt otherwise: its hash is another");
}

// An update that is refused, or a second creation, leaves what is there.
void taken_name_changes_nothing(ScenarioContext& c) {
  if (!c.has({"GetDocument"})) return;
  const std::string first = content_saying("the first");
  const auto name = make(c, "taken", first);
  if (!name) return;
  Json input = {{"Name", *name}, {"Content", content_saying("the second")}, {"DocumentType", "Command"}};
  if (!expect_refused(c, c.call("CreateDocument", input), {"DocumentAlreadyExists"},
                      "CreateDocument with a name that is taken", true))
    return;
  if (const auto document = get(c, *name))
    expect_version(c, *document, "1", first, "a document whose name was given to a second one in vain");
}

void no_json(ScenarioContext& c) {
  const Reply reply = try_make(c, "broken", R"({"schemaVersion":"2.2",)");
  expect_refused(c, reply, {"InvalidDocumentContent"}, "CreateDocument with JSON that is cut off", true);
}

void update_with_no_json(ScenarioContext& c) {
  if (!c.has({"UpdateDocument", "GetDocument"})) return;
  const std::string first = content_saying("the first");
  const auto name = make(c, "broken", first);
  if (!name) return;
  if (!expect_refused(c, try_update(c, *name, R"({"schemaVersion":"2.2",)", {{"DocumentFormat", "JSON"}}),
                      {"InvalidDocumentContent"}, "UpdateDocument with JSON that is cut off", true))
    return;
  if (const auto document = get(c, *name, {{"DocumentVersion", "$LATEST"}}))
    expect_version(c, *document, "1", first, "a document behind a refused update");
}

void too_large(ScenarioContext& c) {
  const std::string content = content_saying(std::string(kLargest, 'x'));
  expect_refused(c, try_make(c, "large", content), {"MaxDocumentSizeExceeded", "ValidationException"},
                 fmt::format("CreateDocument with {} bytes of content", content.size()));
}

void undeclared_parameter(ScenarioContext& c) {
  const std::string content =
      R"({"schemaVersion":"0.3","description":"uses what it does not declare","mainSteps":[{"name":"wait",)"
      R"("action":"aws:sleep","inputs":{"Duration":"{{ Undeclared }}"}}]})";
  expect_refused(c, try_make(c, "undeclared", content, {{"DocumentType", "Automation"}}),
                 {"InvalidDocumentContent"},
                 "CreateDocument with a runbook that uses an undeclared parameter", true);
}

void declared_parameter(ScenarioContext& c) {
  if (!c.has({"DescribeDocument"})) return;
  const std::string content =
      R"({"schemaVersion":"2.2","description":"has a parameter","parameters":{"Word":{"type":"String",)"
      R"("description":"any word","default":"none"}},"mainSteps":[{"action":"aws:runShellScript","name":"say",)"
      R"("inputs":{"runCommand":["echo {{ Word }}"]}}]})";
  const auto name = make(c, "declared", content);
  if (!name) return;
  const Reply reply = c.call("DescribeDocument", {{"Name", *name}});
  if (!c.expect(reply.ok(), "relation/document",
                fmt::format("DescribeDocument answers {} for a document that is there", reply.text())))
    return;
  const Json parameters = member_of(member_of(reply.body, "Document"), "Parameters");
  const bool is_one = parameters.is_array() && parameters.size() == 1;
  if (!c.expect(is_one, "relation/parameters-of-document",
                "DescribeDocument does not name the one parameter that the document declares"))
    return;
  for (const auto& [member, value] :
       {std::pair("Name", "Word"), std::pair("Type", "String"), std::pair("DefaultValue", "none")}) {
    c.expect(wire::text_member(parameters[0], member) == value, "relation/parameters-of-document",
             fmt::format("DescribeDocument says {} {} of a parameter, where the document says {}", member,
                         wire::to_text(member_of(parameters[0], member)), value));
  }
}

void old_schema(ScenarioContext& c) {
  if (!c.has({"UpdateDocument"})) return;
  const auto content = [](std::string_view about) {
    return fmt::format(R"({{"schemaVersion":"1.2","description":"{}","runtimeConfig":{{"aws:runShellScript":)"
                       R"({{"properties":[{{"id":"0.aws:runShellScript","runCommand":["true"]}}]}}}}}})",
                       about);
  };
  const Reply made = try_make(c, "old", content("the first"));
  if (!made.ok()) return c.unchecked(fmt::format("a document of schema 1.2 is refused: {}", made.text()));
  const std::string name = wire::text_at(made.body, "/DocumentDescription/Name");
  if (name.empty()) return c.blocked("CreateDocument does not answer with the name of the document");
  expect_refused(c, try_update(c, name, content("the second")), {"InvalidDocumentSchemaVersion"},
                 "UpdateDocument of a document of schema 1.2", true);
}

void update_of_none(ScenarioContext& c) {
  if (!c.has({"UpdateDocument"})) return;
  expect_refused(c, try_update(c, c.name("none"), content_saying("nothing")), {"InvalidDocument"},
                 "UpdateDocument of a document that there is not");
}

void unknown(ScenarioContext& c, const char* operation, const Json& more) {
  if (!c.has({operation})) return;
  Json input = {{"Name", c.name("none")}};
  input.update(more);
  expect_refused(c, c.call(operation, input), {"InvalidDocument"},
                 fmt::format("{} of a document that there is not", operation), true);
}
void get_of_none(ScenarioContext& c) {
  unknown(c, "GetDocument", Json::object());
}
void description_of_none(ScenarioContext& c) {
  unknown(c, "DescribeDocument", Json::object());
}

// Names of documents may be ARNs, which the pattern lets through.
void arn_of_none(ScenarioContext& c) {
  if (!c.has({"GetDocument"})) return;
  const std::string arn = "arn:aws:ssm:us-east-1:111122223333:document/" + c.name("none");
  expect_refused(c, c.call("GetDocument", {{"Name", arn}}), {"InvalidDocument"},
                 "GetDocument of the ARN of a document that there is not");
}

}  // namespace

std::vector<Scenario> scenarios_contents() {
  return {
      {"GetDocument/scenario/content", "GetDocument", "content comes back as it was sent", content_is_kept},
      {"GetDocument/scenario/unknown", "GetDocument", "a document that there is not", get_of_none, kRefused},
      {"GetDocument/scenario/unknown-arn", "GetDocument", "the ARN of a document that there is not",
       arn_of_none, kRefused},
      {"DescribeDocument/scenario/unknown", "DescribeDocument", "a document that there is not",
       description_of_none, kRefused},
      {"DescribeDocument/scenario/parameters", "DescribeDocument",
       "the parameters of a document are those that it declares", declared_parameter},
      {"CreateDocument/scenario/name-taken", "CreateDocument",
       "a name that is taken is refused, and what is there stays", taken_name_changes_nothing, kRefused},
      {"CreateDocument/scenario/content/cut-off", "CreateDocument", "content that is no JSON", no_json,
       kRefused},
      {"CreateDocument/scenario/content/too-large", "CreateDocument", "content beyond 64 KB", too_large,
       kRefused},
      {"CreateDocument/scenario/content/undeclared-parameter", "CreateDocument",
       "a runbook that uses a parameter which it does not declare", undeclared_parameter, kRefused},
      {"UpdateDocument/scenario/unknown", "UpdateDocument", "a document that there is not", update_of_none,
       kRefused},
      {"UpdateDocument/scenario/content/cut-off", "UpdateDocument", "content that is no JSON",
       update_with_no_json, kRefused},
      {"UpdateDocument/scenario/old-schema", "UpdateDocument", "a document of schema 1.2 cannot be updated",
       old_schema, kRefused},
  };
}

}  // namespace conformance::ssm::documents
