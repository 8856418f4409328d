#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/parameters/scenario_support.h"

// Hierarchies, and lists by path and filter.
namespace conformance::ssm::parameters {
namespace {

namespace wire = harness::wire;
using Names = std::vector<std::string>;

// A hierarchy, with a sibling whose name begins with the root's; "" if it cannot be made.
std::string make_tree(ScenarioContext& c) {
  const std::string root = new_root(c, "tree");
  for (const char* name : {"/a", "/ab", "/b", "/sub/c", "/sub/sub/d", "x/a"}) {
    if (!make(c, root + name, std::string("of ") + name)) return {};
  }
  return root;
}

// All of a list, sorted; of a list that holds others, those below this run's root.
std::optional<Names> listed(ScenarioContext& c, const char* operation, Json input, const std::string& root,
                            int page_size = 0) {
  const auto all = all_of(c, operation, std::move(input), page_size);
  if (!all) return std::nullopt;
  Names out = names_of(*all);
  std::erase_if(out, [&](const auto& name) { return !name.starts_with(root); });
  std::sort(out.begin(), out.end());
  return out;
}

void expect_names(ScenarioContext& c, const std::optional<Names>& met, const std::string& root,
                  std::initializer_list<const char*> expected, std::string_view rule, std::string_view what) {
  if (!met) return;
  Names wanted;
  for (const char* name : expected) wanted.push_back(root + name);
  std::sort(wanted.begin(), wanted.end());
  Names below = *met;
  for (auto& name : below) name.erase(0, root.size());
  c.expect(*met == wanted, rule,
           fmt::format("{} lists {} below the root, not the {} that there are", what,
                       wire::to_text(Json(below)), wanted.size()));
}

void one_level(ScenarioContext& c) {
  const std::string root = make_tree(c);
  if (root.empty()) return;
  for (const std::string& path : {root, root + "/"}) {
    expect_names(c, listed(c, "GetParametersByPath", {{"Path", path}}, root), root, {"/a", "/ab", "/b"},
                 "relation/path", "GetParametersByPath");
  }
}

void recursive(ScenarioContext& c) {
  const std::string root = make_tree(c);
  if (root.empty()) return;
  expect_names(c, listed(c, "GetParametersByPath", {{"Path", root}, {"Recursive", true}}, root), root,
               {"/a", "/ab", "/b", "/sub/c", "/sub/sub/d"}, "relation/path",
               "GetParametersByPath with Recursive");
}

void in_pages(ScenarioContext& c) {
  const std::string root = make_tree(c);
  if (root.empty()) return;
  expect_names(c, listed(c, "GetParametersByPath", {{"Path", root}, {"Recursive", true}}, root, 1), root,
               {"/a", "/ab", "/b", "/sub/c", "/sub/sub/d"}, "relation/path",
               "GetParametersByPath at MaxResults 1");
}

void nothing_below(ScenarioContext& c) {
  const auto met = all_of(c, "GetParametersByPath", {{"Path", new_root(c, "empty")}, {"Recursive", true}});
  if (met)
    c.expect(met->empty(), "relation/path",
             fmt::format("GetParametersByPath lists {} below a path where nothing is", met->size()));
}

void no_path(ScenarioContext& c) {
  expect_refused(c, c.call("GetParametersByPath", {{"Path", new_name(c, "path")}}), {"ValidationException"},
                 "a Path without a slash before it", true);
}

void token_of_another_path(ScenarioContext& c) {
  const std::string root = make_tree(c);
  const std::string other = root.empty() ? "" : make_tree(c);
  if (other.empty()) return;
  const Reply page = c.call("GetParametersByPath", {{"Path", root}, {"Recursive", true}, {"MaxResults", 1}});
  const std::string token = wire::text_member(page.body, "NextToken");
  if (token.empty())
    return c.unchecked("GetParametersByPath gives no NextToken at MaxResults 1, with five to list");
  const Reply reply =
      c.call("GetParametersByPath", {{"Path", other}, {"Recursive", true}, {"NextToken", token}});
  for (const auto& name : names_in(reply, "Parameters"))
    c.expect(name.starts_with(other + "/"), "relation/path",
             "a NextToken of one path shows what is below it to a call for another path");
}

Json filter(const char* key, const char* option, const Names& values) {
  Json one = {{"Key", key}, {"Values", values}};
  if (option != nullptr) one["Option"] = option;
  return {{"ParameterFilters", Json::array({one})}};
}

void filter_name(ScenarioContext& c) {
  const std::string root = make_tree(c);
  if (root.empty()) return;
  const auto names = [&](const char* option, const std::string& value) {
    return listed(c, "DescribeParameters", filter("Name", option, {value}), root);
  };
  expect_names(c, names("Equals", root + "/a"), root, {"/a"}, "relation/filter", "the filter Name Equals");
  expect_names(c, names("BeginsWith", root + "/sub/"), root, {"/sub/c", "/sub/sub/d"}, "relation/filter",
               "the filter Name BeginsWith");
}

void filter_path(ScenarioContext& c) {
  const std::string root = make_tree(c);
  if (root.empty()) return;
  const auto names = [&](const char* option) {
    return listed(c, "DescribeParameters", filter("Path", option, {root}), root);
  };
  expect_names(c, names("OneLevel"), root, {"/a", "/ab", "/b"}, "relation/filter",
               "the filter Path OneLevel");
  expect_names(c, names("Recursive"), root, {"/a", "/ab", "/b", "/sub/c", "/sub/sub/d"}, "relation/filter",
               "the filter Path Recursive");
}

// Two filters narrow, in whatever order.
void filters_narrow(ScenarioContext& c) {
  const std::string root = make_tree(c);
  if (root.empty() || !make(c, root + "/list", "a,b", {{"Type", "StringList"}})) return;
  Json by_name = {{"Key", "Name"}, {"Option", "BeginsWith"}, {"Values", {root + "/"}}};
  Json by_type = {{"Key", "Type"}, {"Option", "Equals"}, {"Values", {"StringList"}}};
  for (const Json& both : {Json::array({by_name, by_type}), Json::array({by_type, by_name})})
    expect_names(c, listed(c, "DescribeParameters", {{"ParameterFilters", both}}, root), root, {"/list"},
                 "relation/filter", "DescribeParameters with two filters");
}

void wrong_filters(ScenarioContext& c) {
  expect_refused(c, c.call("DescribeParameters", filter("Label", "Equals", {"x"})),
                 {"InvalidFilterKey", "ValidationException"}, "the filter Label of DescribeParameters");
  expect_refused(c, c.call("DescribeParameters", filter("Path", "Equals", {"/x"})),
                 {"InvalidFilterOption", "ValidationException"}, "the filter Path with the option Equals");
}

void wrong_filters_of_path(ScenarioContext& c) {
  for (const char* key : {"Name", "Tier"}) {
    Json input = filter(key, "Equals", {"x"});
    input["Path"] = "/";
    expect_refused(c, c.call("GetParametersByPath", input), {"InvalidFilterKey", "ValidationException"},
                   fmt::format("the filter {} of GetParametersByPath", key));
  }
}

}  // namespace

std::vector<Scenario> scenarios_paths() {
  return {
      {"GetParametersByPath/scenario/one-level", "GetParametersByPath",
       "what is directly below a path, and no more", one_level},
      {"GetParametersByPath/scenario/recursive", "GetParametersByPath", "what is below a path at any depth",
       recursive},
      {"GetParametersByPath/scenario/pages", "GetParametersByPath", "the pages together list each once",
       in_pages},
      {"GetParametersByPath/scenario/empty", "GetParametersByPath", "a path below which nothing is",
       nothing_below},
      {"GetParametersByPath/scenario/no-path", "GetParametersByPath", "a path begins with a slash", no_path},
      {"GetParametersByPath/scenario/token", "GetParametersByPath",
       "a token of one path shows nothing of it to another", token_of_another_path},
      {"GetParametersByPath/scenario/wrong-filters", "GetParametersByPath", "filters that it does not have",
       wrong_filters_of_path},
      {"DescribeParameters/scenario/filter-name", "DescribeParameters", "by the name, or its beginning",
       filter_name},
      {"DescribeParameters/scenario/filter-path", "DescribeParameters", "by the path", filter_path},
      {"DescribeParameters/scenario/filters-narrow", "DescribeParameters", "two filters narrow, in any order",
       filters_narrow},
      {"DescribeParameters/scenario/wrong-filters", "DescribeParameters", "filters that it does not have",
       wrong_filters},
  };
}

}  // namespace conformance::ssm::parameters
