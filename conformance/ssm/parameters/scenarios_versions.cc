#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/parameters/scenario_support.h"

// Values, versions and their history.
namespace conformance::ssm::parameters {
namespace {

namespace wire = harness::wire;

void expect_value(ScenarioContext& c, const Json& parameter, const std::string& value,
                  std::string_view what) {
  c.expect(wire::text_member(parameter, "Value") == value, "relation/value",
           fmt::format("the value {} is {}, {}", what, wire::to_text(member_of(parameter, "Value")),
                       wire::to_text(Json(value))));
}

void expect_version(ScenarioContext& c, const Json& answer, int version, std::string_view what) {
  const Json* said = wire::member(answer, "Version");
  c.expect(said != nullptr && *said == version, "relation/version",
           fmt::format("the Version {} is {}, not {}", what,
                       said == nullptr ? "missing" : wire::to_text(*said), version));
}

// Whatever the characters. What becomes of blanks at the ends is not documented.
void value_is_kept(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const std::string name = new_name(c, "value");
  const std::string value = "a\tb\nc \u00e9 \u4e2d \U0001f600 \"'\\ {x} $y";
  if (!make(c, name, value)) return;
  if (const auto parameter = get(c, name)) expect_value(c, *parameter, value, "that was put");
}

void versions_grow(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const std::string name = new_name(c, "versions");
  const Reply first = try_put(c, name, "one", {{"Type", "String"}});
  if (!first.ok())
    return c.blocked(fmt::format("no parameter can be made: PutParameter answered {}", first.text()));
  expect_version(c, first.body, 1, "of a new parameter");
  for (const int version : {2, 3}) {
    const std::string value = fmt::format("value {}", version);
    const Reply reply = c.call("PutParameter", {{"Name", name}, {"Value", value}, {"Overwrite", true}});
    if (!c.expect(reply.ok(), "relation/overwrite",
                  fmt::format("PutParameter with Overwrite and without Type answers {}", reply.text())))
      return;
    expect_version(c, reply.body, version, "behind an overwrite");
    const auto parameter = get(c, name);
    if (!parameter) return;
    expect_version(c, *parameter, version, "that is read");
    expect_value(c, *parameter, value, "that is read");
    c.expect(wire::text_member(*parameter, "Type") == "String", "relation/type",
             "an overwrite without Type changes the type");
  }
}

void refused_put_changes_nothing(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const std::string name = new_name(c, "taken");
  if (!make(c, name, "first")) return;
  const Reply again = c.call("PutParameter", {{"Name", name}, {"Value", "second"}, {"Type", "String"}});
  if (!expect_refused(c, again, {"ParameterAlreadyExists"},
                      "PutParameter without Overwrite on a name that is taken", true))
    return;
  const auto parameter = get(c, name);
  if (!parameter) return;
  expect_value(c, *parameter, "first", "behind a refused PutParameter");
  expect_version(c, *parameter, 1, "behind a refused PutParameter");
}

void made_again(ScenarioContext& c) {
  if (!c.has({"GetParameter", "DeleteParameter"})) return;
  const std::string name = new_name(c, "again");
  if (!make(c, name, "first") || !overwrite(c, name, "second")) return;
  const Reply removed = c.call("DeleteParameter", {{"Name", name}});
  if (!c.expect(removed.ok(), "relation/parameter",
                fmt::format("DeleteParameter answers {} for {}, which is there", removed.text(), name)) ||
      !make(c, name, "third"))
    return;
  const auto parameter = get(c, name);
  if (!parameter) return;
  expect_version(c, *parameter, 1, "of a parameter that was deleted and made again");
  expect_value(c, *parameter, "third", "of a parameter that was deleted and made again");
  if (c.situation().knowledge.unimplemented.contains("GetParameterHistory")) return;
  const auto history = all_of(c, "GetParameterHistory", {{"Name", name}});
  if (history)
    c.expect(history->size() == 1, "relation/history",
             fmt::format("a parameter that was deleted and made again has {} versions", history->size()));
}

void history(ScenarioContext& c, int page_size) {
  if (!c.has({"GetParameterHistory"})) return;
  const std::string name = new_name(c, "history");
  if (!make(c, name, "value 1")) return;
  for (int version = 2; version <= 4; ++version) {
    if (!overwrite(c, name, fmt::format("value {}", version))) return;
  }
  const auto all = all_of(c, "GetParameterHistory", {{"Name", name}}, page_size);
  if (!all) return;
  std::vector<std::string> values;
  for (const Json& v : *all) values.push_back(wire::text_member(v, "Value"));
  std::sort(values.begin(), values.end());
  c.expect(values == std::vector<std::string>{"value 1", "value 2", "value 3", "value 4"}, "relation/history",
           fmt::format("the history of four values has {}: {}", values.size(), wire::to_text(Json(values))));
  for (const Json& v : *all)
    c.expect(wire::text_member(v, "Value") == fmt::format("value {}", wire::to_text(member_of(v, "Version"))),
             "relation/history", "a version of the history has the value of another");
}

void history_whole(ScenarioContext& c) {
  history(c, 0);
}
void history_in_pages(ScenarioContext& c) {
  history(c, 1);
}

void type_stays(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const std::string name = new_name(c, "type");
  if (!make(c, name, "a,b", {{"Type", "StringList"}})) return;
  const Reply changed =
      c.call("PutParameter", {{"Name", name}, {"Value", "c"}, {"Type", "SecureString"}, {"Overwrite", true}});
  if (!expect_refused(c, changed, {"HierarchyTypeMismatchException", "ValidationException"},
                      "an overwrite with another Type"))
    return;
  const auto parameter = get(c, name);
  if (!parameter) return;
  c.expect(wire::text_member(*parameter, "Type") == "StringList", "relation/type",
           "a refused overwrite changes the type");
  expect_value(c, *parameter, "a,b", "behind a refused PutParameter");
}

void type_is_needed(ScenarioContext& c) {
  const Reply reply = try_put(c, new_name(c, "untyped"), "value");
  expect_refused(c, reply, {"ValidationException"}, "PutParameter without Type for a new name");
}

void tags_and_overwrite(ScenarioContext& c) {
  const std::string name = new_name(c, "tagged");
  if (!make(c, name, "value")) return;
  const Json tags = Json::array({{{"Key", "a"}, {"Value", "b"}}});
  const Reply reply =
      c.call("PutParameter", {{"Name", name}, {"Value", "value"}, {"Overwrite", true}, {"Tags", tags}});
  expect_refused(c, reply, {"ValidationException"}, "PutParameter with Overwrite and Tags", true);
}

void put_of_size(ScenarioContext& c, const char* tier, std::size_t size, bool fits) {
  const std::string name = new_name(c, "size");
  const Reply reply = try_put(c, name, std::string(size, 'v'), {{"Type", "String"}, {"Tier", tier}});
  const std::string what = fmt::format("a value of {} characters in the tier {}", size, tier);
  if (!fits) {
    expect_refused(c, reply, {"ValidationException"}, what, true);
    return;
  }
  c.expect(reply.ok(), "relation/size", fmt::format("{} is answered with {}", what, reply.text()));
}

void largest_standard(ScenarioContext& c) {
  put_of_size(c, "Standard", 4096, true);
}
void beyond_standard(ScenarioContext& c) {
  put_of_size(c, "Standard", 4097, false);
}
void beyond_advanced(ScenarioContext& c) {
  put_of_size(c, "Advanced", 8193, false);
}
void empty_value(ScenarioContext& c) {
  const Reply reply = try_put(c, new_name(c, "empty"), "", {{"Type", "String"}});
  expect_refused(c, reply, {"ValidationException"}, "an empty Value", true);
}

void allowed_pattern(ScenarioContext& c) {
  const std::string name = new_name(c, "pattern");
  if (!make(c, name, "123", {{"AllowedPattern", "^[0-9]+$"}})) return;
  const Reply other =
      try_put(c, new_name(c, "pattern"), "abc", {{"Type", "String"}, {"AllowedPattern", "^[0-9]+$"}});
  expect_refused(c, other, {"ParameterPatternMismatchException", "ValidationException"},
                 "a value that AllowedPattern does not allow");
}

void secret(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const std::string name = new_name(c, "secret");
  const std::string value = "not for everybody";
  const Reply made = try_put(c, name, value, {{"Type", "SecureString"}});
  if (!made.ok()) return c.unchecked(fmt::format("a SecureString is refused: {}", made.text()));
  const auto sealed = get(c, name);
  const auto open = get(c, name, true);
  if (!sealed || !open) return;
  c.expect(wire::text_member(*sealed, "Value") != value, "relation/secret",
           "GetParameter shows a SecureString without WithDecryption");
  expect_value(c, *open, value, "of a SecureString with WithDecryption");
}

// So many writers, so many versions, each with a number of its own.
void concurrent_writers(ScenarioContext& c) {
  if (!c.has({"GetParameterHistory"})) return;
  constexpr std::size_t kWriters = 8;
  const std::string name = new_name(c, "writers");
  if (!make(c, name, "value")) return;
  std::vector<std::string> versions(kWriters);
  c.concurrently(kWriters, [&](std::size_t i, ScenarioContext& lane) {
    const Reply reply =
        lane.call("PutParameter", {{"Name", name}, {"Value", fmt::format("of {}", i)}, {"Overwrite", true}});
    if (const Json* version = wire::member(reply.body, "Version"); reply.ok() && version != nullptr)
      versions[i] = wire::to_text(*version);
  });
  std::erase(versions, "");
  // Too many updates at once may be refused.
  if (versions.empty()) return c.unchecked("no write was accepted while others wrote");
  const std::size_t done = versions.size();
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  c.expect(versions.size() == done, "relation/lost-write",
           fmt::format("{} writes at once were given {} versions", done, versions.size()));
  const auto history = all_of(c, "GetParameterHistory", {{"Name", name}});
  if (history)
    c.expect(history->size() == done + 1, "relation/lost-write",
             fmt::format("behind {} writes at once the history has {} versions", done + 1, history->size()));
}

}  // namespace

std::vector<Scenario> scenarios_versions() {
  return {
      {"PutParameter/scenario/value-is-kept", "PutParameter", "a value comes back as it was put",
       value_is_kept},
      {"PutParameter/scenario/versions-grow", "PutParameter", "the version grows by one with each overwrite",
       versions_grow},
      {"PutParameter/scenario/refused-changes-nothing", "PutParameter",
       "what is refused because the name is taken changes nothing", refused_put_changes_nothing, kRefused},
      {"PutParameter/scenario/made-again", "PutParameter", "a deleted parameter that is made again is new",
       made_again},
      {"PutParameter/scenario/type-stays", "PutParameter", "an overwrite cannot change the type", type_stays,
       kRefused},
      {"PutParameter/scenario/type-is-needed", "PutParameter", "a new parameter needs a type", type_is_needed,
       kRefused},
      {"PutParameter/scenario/tags-and-overwrite", "PutParameter", "Tags and Overwrite exclude one another",
       tags_and_overwrite, kRefused},
      {"PutParameter/scenario/size/standard", "PutParameter", "4,096 characters fit the standard tier",
       largest_standard},
      {"PutParameter/scenario/size/beyond-standard", "PutParameter", "4,097 characters do not",
       beyond_standard, kRefused},
      {"PutParameter/scenario/size/beyond-advanced", "PutParameter", "8,193 characters fit no tier",
       beyond_advanced, kRefused},
      {"PutParameter/scenario/size/empty", "PutParameter", "a value has at least one character", empty_value,
       kRefused},
      {"PutParameter/scenario/allowed-pattern", "PutParameter", "AllowedPattern is heeded", allowed_pattern,
       kRefused},
      {"PutParameter/scenario/concurrent-writers", "PutParameter", "writes at once are all kept",
       concurrent_writers},
      {"GetParameter/scenario/secret", "GetParameter",
       "a SecureString shows itself with WithDecryption alone", secret},
      {"GetParameterHistory/scenario/whole", "GetParameterHistory", "the history has each version once",
       history_whole},
      {"GetParameterHistory/scenario/pages", "GetParameterHistory", "and so have its pages together",
       history_in_pages},
  };
}

}  // namespace conformance::ssm::parameters
