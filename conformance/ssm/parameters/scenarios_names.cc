#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/parameters/scenario_support.h"

// How parameters are named, and what is answered for names that there are not.
namespace conformance::ssm::parameters {
namespace {

namespace wire = harness::wire;

void expect_name_refused(ScenarioContext& c, const std::string& name,
                         std::initializer_list<const char*> codes, bool certain) {
  const Reply reply = try_put(c, name, "value", {{"Type", "String"}});
  expect_refused(c, reply, codes, fmt::format("PutParameter with the name {}", wire::to_text(Json(name))),
                 certain);
}

void leading_slash(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const std::string bare = new_name(c, "slash");
  if (!make(c, bare, "value")) return;
  for (const std::string& asked : {bare, "/" + bare}) {
    const auto parameter = get(c, asked);
    if (!parameter) return;
    c.expect(wire::text_member(*parameter, "Name") == asked, "relation/name",
             fmt::format("GetParameter of {} names {}", asked, wire::text_member(*parameter, "Name")));
  }
}

void tags_of_leading_slash(ScenarioContext& c) {
  if (!c.has({"AddTagsToResource", "ListTagsForResource"})) return;
  const std::string bare = new_name(c, "slash");
  if (!make(c, bare, "value")) return;
  const Json tags = Json::array({{{"Key", "a"}, {"Value", "b"}}});
  const Reply added = c.call("AddTagsToResource",
                             {{"ResourceType", "Parameter"}, {"ResourceId", "/" + bare}, {"Tags", tags}});
  if (!c.expect(added.ok(), "relation/name", fmt::format("tags of /{} are refused: {}", bare, added.text())))
    return;
  const Reply listed = c.call("ListTagsForResource", {{"ResourceType", "Parameter"}, {"ResourceId", bare}});
  if (!c.expect(listed.ok(), "relation/name", fmt::format("tags of {} are refused: {}", bare, listed.text())))
    return;
  const Json* list = wire::member(listed.body, "TagList");
  c.expect(list != nullptr && list->is_array() && list->size() == 1, "relation/name",
           "what is tagged with a slash before its name has no tags without it");
}

void by_arn(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const std::string name = new_name(c, "arn");
  if (!make(c, name, "value")) return;
  const auto plain = get(c, name);
  if (!plain) return;
  const std::string arn = wire::text_member(*plain, "ARN");
  if (arn.empty()) return c.unchecked("GetParameter says no ARN");
  const auto parameter = get(c, arn);
  if (!parameter) return;
  c.expect(wire::text_member(*parameter, "Value") == "value", "relation/value",
           "GetParameter by the ARN shows another value than by the name");
}

void with_braces(ScenarioContext& c) {
  expect_name_refused(c, "{" + new_name(c, "braces") + "}", {"ValidationException"}, true);
}
void with_space(ScenarioContext& c) {
  expect_name_refused(c, new_name(c, "space") + " x", {"ValidationException"}, true);
}
void not_qualified(ScenarioContext& c) {
  expect_name_refused(c, new_name(c, "path") + "/x", {"ValidationException"}, true);
}
void empty_level(ScenarioContext& c) {
  expect_name_refused(c, new_root(c, "level") + "//x", {"ValidationException"}, true);
}
void reserved_path(ScenarioContext& c) {
  for (const char* word : {"/aws", "/AWS"})
    expect_name_refused(c, fmt::format("{}-{}", word, c.name("reserved")),
                        {"AccessDeniedException", "ValidationException"}, false);
}
void reserved_service(ScenarioContext& c) {
  for (const char* word : {"/ssm", "/Ssm", "ssm", "SSM", "aws"})
    expect_name_refused(c, fmt::format("{}-{}", word, c.name("reserved")),
                        {"ValidationException", "AccessDeniedException"}, false);
}

std::string of_levels(ScenarioContext& c, int levels) {
  std::string name = new_root(c, "deep");
  for (int level = 2; level <= levels; ++level) name += fmt::format("/l{}", level);
  return name;
}

void deepest(ScenarioContext& c) {
  const Reply reply = try_put(c, of_levels(c, 15), "value", {{"Type", "String"}});
  c.expect(reply.ok(), "relation/name", fmt::format("a name of 15 levels is answered with {}", reply.text()));
}
void too_deep(ScenarioContext& c) {
  expect_name_refused(c, of_levels(c, 16), {"HierarchyLevelLimitExceededException", "ValidationException"},
                      false);
}

void unknown_among_known(ScenarioContext& c) {
  const std::string name = new_name(c, "known");
  const std::string absent = new_name(c, "absent");
  if (!make(c, name, "value")) return;
  const Reply reply = c.call("GetParameters", {{"Names", {absent, name}}});
  if (!c.expect(reply.ok(), "relation/unknown-names",
                fmt::format("GetParameters answers {} where one of two is unknown", reply.text())))
    return;
  c.expect(names_in(reply, "Parameters") == std::vector{name}, "relation/unknown-names",
           "GetParameters does not show exactly the one of two parameters that is there");
  c.expect(names_in(reply, "InvalidParameters") == std::vector{absent}, "relation/unknown-names",
           "GetParameters does not name exactly the one of two parameters that is not there");
}

void delete_unknown(ScenarioContext& c) {
  const std::string name = new_name(c, "known");
  const std::string absent = new_name(c, "absent");
  if (!make(c, name, "value")) return;
  const Reply reply = c.call("DeleteParameters", {{"Names", {absent, name}}});
  if (!c.expect(reply.ok(), "relation/unknown-names",
                fmt::format("DeleteParameters answers {} where one of two is unknown", reply.text())))
    return;
  c.expect(names_in(reply, "DeletedParameters") == std::vector{name}, "relation/unknown-names",
           "DeleteParameters does not name exactly the one that it deleted");
  c.expect(names_in(reply, "InvalidParameters") == std::vector{absent}, "relation/unknown-names",
           "DeleteParameters does not name exactly the one that is unknown");
  if (c.situation().knowledge.unimplemented.contains("GetParameter")) return;
  expect_refused(c, c.call("GetParameter", {{"Name", name}}), {"ParameterNotFound"},
                 "GetParameter of what DeleteParameters deleted", true);
}

}  // namespace

std::vector<Scenario> scenarios_names() {
  return {
      {"GetParameter/scenario/leading-slash", "GetParameter", "x and /x are one, and named as they are asked",
       leading_slash},
      {"ListTagsForResource/scenario/leading-slash", "ListTagsForResource", "so are their tags",
       tags_of_leading_slash},
      {"GetParameter/scenario/by-arn", "GetParameter", "a parameter is found by its ARN", by_arn},
      {"PutParameter/scenario/name/braces", "PutParameter", "a name has no braces", with_braces, kRefused},
      {"PutParameter/scenario/name/space", "PutParameter", "a name has no space", with_space, kRefused},
      {"PutParameter/scenario/name/not-qualified", "PutParameter", "a hierarchy begins with a slash",
       not_qualified, kRefused},
      {"PutParameter/scenario/name/empty-level", "PutParameter", "no level is empty", empty_level, kRefused},
      {"PutParameter/scenario/name/reserved-path", "PutParameter", "/aws is reserved, in any case",
       reserved_path, kRefused},
      {"PutParameter/scenario/name/reserved-word", "PutParameter", "so are ssm and aws", reserved_service,
       kRefused},
      {"PutParameter/scenario/name/deepest", "PutParameter", "a hierarchy may have 15 levels", deepest},
      {"PutParameter/scenario/name/too-deep", "PutParameter", "but not 16", too_deep, kRefused},
      {"GetParameters/scenario/unknown", "GetParameters", "unknown names stand in InvalidParameters",
       unknown_among_known},
      {"DeleteParameters/scenario/unknown", "DeleteParameters", "unknown names stand in InvalidParameters",
       delete_unknown},
  };
}

}  // namespace conformance::ssm::parameters
