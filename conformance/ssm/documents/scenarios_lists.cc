// ListDocuments: what is there stands in the list, once, and filters leave out what they do not let through.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/documents/scenario_versions_support.h"

namespace conformance::ssm::documents {
namespace {

namespace wire = harness::wire;

const List kDocuments{"ListDocuments", "DocumentIdentifiers", "relation/document"};

Json filter(const char* key, const std::string& value) {
  return {{"Key", key}, {"Values", Json::array({value})}};
}
Json filters(std::initializer_list<Json> all) {
  Json out = Json::array();
  for (const Json& one : all) out.push_back(one);
  return {{"Filters", out}};
}

std::size_t count_of(const std::vector<Json>& documents, const std::string& name) {
  const auto names = texts_of(documents, "Name");
  return static_cast<std::size_t>(std::count(names.begin(), names.end(), name));
}

void by_name(ScenarioContext& c) {
  if (!c.has({"ListDocuments"})) return;
  const auto name = make(c, "listed", content_saying("one of two"));
  const auto other = make(c, "other", content_saying("the other"));
  if (!name || !other) return;
  const auto all = all_of(c, kDocuments, filters({filter("Name", *name)}));
  if (!all) return;
  c.expect(count_of(*all, *name) == 1, "relation/document-list",
           fmt::format("ListDocuments by its own name shows a document {} times", count_of(*all, *name)));
  c.expect(count_of(*all, *other) == 0, "relation/document-filter",
           "ListDocuments by a name shows a document of another");
  c.discard(kDocument, *name);
  const auto later = all_of(c, kDocuments, filters({filter("Name", *name)}));
  if (later)
    c.expect(count_of(*later, *name) == 0, "relation/document-list",
             "ListDocuments shows a document that was deleted");
}

void shows_default(ScenarioContext& c) {
  if (!c.has({"ListDocuments", "UpdateDocument"})) return;
  const auto name = make(c, "default", content_saying("one"));
  if (!name || !update(c, *name, content_saying("two"))) return;
  const auto all = all_of(c, kDocuments, filters({filter("Name", *name)}));
  if (!all) return;
  for (const Json& document : *all) {
    if (wire::text_member(document, "Name") != *name) continue;
    c.expect(wire::text_member(document, "DocumentVersion") == "1", "relation/document-version",
             fmt::format("ListDocuments shows DocumentVersion {}, where 1 is the default",
                         wire::text_member(document, "DocumentVersion")));
  }
}

// States how often ListDocuments shows a document by filters that are its name and another. False if there is
// no list.
bool expect_shown(ScenarioContext& c, const std::string& name, const Json& by_filters, std::size_t times,
                  const std::string& what) {
  const auto all = all_of(c, kDocuments, by_filters);
  if (!all) return false;
  c.expect(count_of(*all, name) == times, "relation/document-filter",
           fmt::format("ListDocuments by its name and {} {} times", what, count_of(*all, name)));
  return true;
}

// A filter leaves out what it does not let through, behind the name or before it.
void by_type(ScenarioContext& c) {
  if (!c.has({"ListDocuments"})) return;
  const auto name = make(c, "typed", content_saying("a command"));
  if (!name) return;
  const Json of_name = filter("Name", *name);
  for (const auto& [type, expected] : {std::pair("Command", 1U), std::pair("Automation", 0U)}) {
    const Json of_type = filter("DocumentType", type);
    const std::string what = fmt::format("the type {} shows a command document", type);
    for (const Json& both : {filters({of_name, of_type}), filters({of_type, of_name})}) {
      if (!expect_shown(c, *name, both, expected, what)) return;
    }
  }
}

void by_owner(ScenarioContext& c) {
  if (!c.has({"ListDocuments"})) return;
  const auto name = make(c, "owned", content_saying("my own"));
  if (!name) return;
  for (const auto& [owner, expected] : {std::pair("Self", 1U), std::pair("Amazon", 0U)}) {
    if (!expect_shown(c, *name, filters({filter("Name", *name), filter("Owner", owner)}), expected,
                      fmt::format("the owner {} shows my own document", owner)))
      return;
  }
}

void by_tag(ScenarioContext& c) {
  if (!c.has({"ListDocuments"})) return;
  const Json tags = Json::array({{{"Key", "colour"}, {"Value", "blue"}}});
  const auto name = make(c, "tagged", content_saying("tagged"), {{"Tags", tags}});
  if (!name) return;
  for (const auto& [value, expected] : {std::pair("blue", 1U), std::pair("red", 0U)}) {
    if (!expect_shown(c, *name, filters({filter("Name", *name), filter("tag:colour", value)}), expected,
                      fmt::format("the tag colour={} shows a blue document", value)))
      return;
  }
}

void in_pages(ScenarioContext& c) {
  if (!c.has({"ListDocuments"})) return;
  // Names that begin alike, which a filter may select together.
  const std::string common = c.name("pages");
  std::vector<std::string> names;
  for (const char* end : {"-a", "-b", "-c"}) {
    names.push_back(common + end);
    Json input = {{"Name", names.back()}, {"Content", content_saying(end)}, {"DocumentType", "Command"}};
    const Reply made = c.try_create(kDocument, names.back(), input);
    if (!made.ok())
      return c.blocked(fmt::format("no document can be made: CreateDocument answered {}", made.text()));
  }
  const Json of_one = filters({filter("Name", names[0])});
  const Json of_three = {{"Filters", Json::array({{{"Key", "Name"}, {"Values", names}}})}};
  const auto one = all_of(c, kDocuments, of_one, 1);
  if (!one) return;
  const auto shown = count_of(*one, names[0]);
  c.expect(shown == 1, shown == 0 ? "relation/paging-loses" : "relation/paging-repeats",
           fmt::format("pages of one show a document {} times", shown));
  const auto three = all_of(c, kDocuments, of_three, 1);
  if (!three) return;
  for (const auto& name : names) {
    const auto times = count_of(*three, name);
    c.expect(times == 1, times == 0 ? "relation/paging-loses" : "relation/paging-repeats",
             fmt::format("pages of one show {} of three documents {} times", name, times));
  }
}

}  // namespace

std::vector<Scenario> scenarios_lists() {
  return {
      {"ListDocuments/scenario/by-name", "ListDocuments",
       "a document stands in the list once, until it is deleted", by_name},
      {"ListDocuments/scenario/default-version", "ListDocuments", "what is listed is the default version",
       shows_default},
      {"ListDocuments/scenario/filter/type", "ListDocuments", "a filter by type leaves out other types",
       by_type},
      {"ListDocuments/scenario/filter/owner", "ListDocuments", "a filter by owner leaves out what others own",
       by_owner},
      {"ListDocuments/scenario/filter/tag", "ListDocuments", "a filter by tag leaves out other values",
       by_tag},
      {"ListDocuments/scenario/pages", "ListDocuments", "pages of one show each document once", in_pages},
  };
}

}  // namespace conformance::ssm::documents
