#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/parameters/scenario_support.h"

// Labels, and selectors of versions.
namespace conformance::ssm::parameters {
namespace {

namespace wire = harness::wire;

// A parameter of three versions, "value 1" to "value 3"; nothing if it cannot be made.
std::optional<std::string> of_three_versions(ScenarioContext& c) {
  const std::string name = new_name(c, "labels");
  if (!make(c, name, "value 1") || !overwrite(c, name, "value 2") || !overwrite(c, name, "value 3"))
    return std::nullopt;
  return name;
}

bool label(ScenarioContext& c, const std::string& name, int version, const std::string& label) {
  const Reply reply =
      c.call("LabelParameterVersion", {{"Name", name}, {"ParameterVersion", version}, {"Labels", {label}}});
  return c.expect(
             reply.ok(), "relation/label",
             fmt::format("LabelParameterVersion answers {} for a version that is there", reply.text())) &&
         c.expect(names_in(reply, "InvalidLabels").empty(), "relation/label",
                  fmt::format("LabelParameterVersion takes {} for invalid", label));
}

void expect_selected(ScenarioContext& c, const std::string& name, const std::string& selector, int version) {
  const auto parameter = get(c, name + ":" + selector);
  if (!parameter) return;
  c.expect(wire::text_member(*parameter, "Value") == fmt::format("value {}", version), "relation/selector",
           fmt::format("the selector :{} shows the value {}, not that of version {}", selector,
                       wire::to_text(member_of(*parameter, "Value")), version));
  c.expect(wire::text_member(*parameter, "Name") == name, "relation/selector",
           fmt::format("the Name of what the selector :{} shows is {}", selector,
                       wire::text_member(*parameter, "Name")));
  c.expect(wire::text_member(*parameter, "Selector") == ":" + selector, "relation/selector",
           fmt::format("the Selector of what :{} shows is {}", selector,
                       wire::to_text(member_of(*parameter, "Selector"))));
}

void by_version(ScenarioContext& c) {
  const auto name = of_three_versions(c);
  if (!name) return;
  for (const int version : {1, 3, 2}) expect_selected(c, *name, std::to_string(version), version);
}

void unknown_version(ScenarioContext& c) {
  const auto name = of_three_versions(c);
  if (!name) return;
  expect_refused(c, c.call("GetParameter", {{"Name", *name + ":99"}}), {"ParameterVersionNotFound"},
                 "GetParameter of a version that there is not", true);
}

void label_moves(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const auto name = of_three_versions(c);
  if (!name || !label(c, *name, 1, "chosen")) return;
  expect_selected(c, *name, "chosen", 1);
  if (c.failed() || !label(c, *name, 2, "chosen")) return;
  expect_selected(c, *name, "chosen", 2);
  if (c.situation().knowledge.unimplemented.contains("GetParameterHistory")) return;
  const auto history = all_of(c, "GetParameterHistory", {{"Name", *name}});
  if (!history) return;
  for (const Json& version : *history) {
    const auto labels = wire::strings_member(version, "Labels");
    const bool second = member_of(version, "Version") == 2;
    c.expect(labels == (second ? std::vector<std::string>{"chosen"} : std::vector<std::string>()),
             "relation/label",
             fmt::format("version {} has the labels {}, where version 2 alone has one",
                         wire::to_text(member_of(version, "Version")), wire::to_text(Json(labels))));
  }
}

// Without a version, the latest is meant.
void label_of_latest(ScenarioContext& c) {
  if (!c.has({"GetParameter"})) return;
  const auto name = of_three_versions(c);
  if (!name) return;
  const Reply reply = c.call("LabelParameterVersion", {{"Name", *name}, {"Labels", {"newest"}}});
  if (!c.expect(reply.ok(), "relation/label",
                fmt::format("LabelParameterVersion without a version answers {}", reply.text())))
    return;
  expect_selected(c, *name, "newest", 3);
}

void invalid_labels(ScenarioContext& c) {
  const auto name = of_three_versions(c);
  if (!name) return;
  for (const char* bad : {"1st", "aws-x", "ssm-x", "a label"}) {
    const Reply reply = c.call("LabelParameterVersion", {{"Name", *name}, {"Labels", {bad}}});
    if (!c.expect(reply.ok(), "relation/label",
                  fmt::format("LabelParameterVersion answers {} for an invalid label", reply.text())))
      continue;
    c.expect(names_in(reply, "InvalidLabels") == std::vector<std::string>{bad}, "relation/label",
             fmt::format("LabelParameterVersion does not say that {} is invalid", bad));
  }
}

void label_of_nothing(ScenarioContext& c) {
  const auto name = of_three_versions(c);
  if (!name) return;
  expect_refused(
      c, c.call("LabelParameterVersion", {{"Name", *name}, {"ParameterVersion", 99}, {"Labels", {"x"}}}),
      {"ParameterVersionNotFound"}, "LabelParameterVersion of a version that there is not");
  expect_refused(c, c.call("LabelParameterVersion", {{"Name", new_name(c, "absent")}, {"Labels", {"x"}}}),
                 {"ParameterNotFound"}, "LabelParameterVersion of a parameter that there is not");
}

void eleven_labels(ScenarioContext& c) {
  const auto name = of_three_versions(c);
  if (!name) return;
  for (int i = 1; i <= 10; ++i) {
    if (!label(c, *name, 1, fmt::format("label-{}", i))) return;
  }
  expect_refused(
      c,
      c.call("LabelParameterVersion", {{"Name", *name}, {"ParameterVersion", 1}, {"Labels", {"label-11"}}}),
      {"ParameterVersionLabelLimitExceeded"}, "an eleventh label");
}

void unlabel(ScenarioContext& c) {
  if (!c.has({"LabelParameterVersion", "GetParameter"})) return;
  const auto name = of_three_versions(c);
  if (!name || !label(c, *name, 1, "there")) return;
  const Reply reply = c.call("UnlabelParameterVersion",
                             {{"Name", *name}, {"ParameterVersion", 1}, {"Labels", {"there", "not-there"}}});
  if (!c.expect(reply.ok(), "relation/label",
                fmt::format("UnlabelParameterVersion answers {}", reply.text())))
    return;
  c.expect(names_in(reply, "RemovedLabels") == std::vector<std::string>{"there"}, "relation/label",
           "UnlabelParameterVersion does not name exactly the label that it removed");
  c.expect(names_in(reply, "InvalidLabels") == std::vector<std::string>{"not-there"}, "relation/label",
           "UnlabelParameterVersion does not name exactly the label that was not there");
  expect_refused(c, c.call("GetParameter", {{"Name", *name + ":there"}}),
                 {"ParameterVersionNotFound", "ParameterNotFound"},
                 "GetParameter by a label that was removed");
}

}  // namespace

std::vector<Scenario> scenarios_labels() {
  return {
      {"GetParameter/scenario/version", "GetParameter", "a version is selected by its number", by_version},
      {"GetParameter/scenario/unknown-version", "GetParameter", "a version that there is not is refused",
       unknown_version},
      {"LabelParameterVersion/scenario/moves", "LabelParameterVersion",
       "a label selects one version, and moves", label_moves},
      {"LabelParameterVersion/scenario/latest", "LabelParameterVersion",
       "without a version, the latest is labelled", label_of_latest},
      {"LabelParameterVersion/scenario/invalid", "LabelParameterVersion",
       "invalid labels are named, not attached", invalid_labels},
      {"LabelParameterVersion/scenario/unknown", "LabelParameterVersion",
       "what is not there cannot be labelled", label_of_nothing},
      {"LabelParameterVersion/scenario/limit", "LabelParameterVersion", "a version has at most ten labels",
       eleven_labels},
      {"UnlabelParameterVersion/scenario/removes", "UnlabelParameterVersion",
       "a label is removed, another is named", unlabel},
  };
}

}  // namespace conformance::ssm::parameters
