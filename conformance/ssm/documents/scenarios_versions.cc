// Versions of a document: each keeps what it was made of, one of them is the default, and the latest is
// another.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/ssm/documents/scenario_versions_support.h"

namespace conformance::ssm::documents {
namespace {

namespace wire = harness::wire;

const List kVersions{"ListDocumentVersions", "DocumentVersions", "relation/document"};

std::string says(int version) {
  return content_saying(fmt::format("content {}", version));
}

// A document with the versions 1 to `count`, of which the first is the default. Nothing if it could not be
// made.
std::optional<std::string> with_versions(ScenarioContext& c, std::string_view purpose, int count) {
  auto name = make(c, purpose, says(1));
  for (int version = 2; name && version <= count; ++version) {
    if (!update(c, *name, says(version))) return std::nullopt;
  }
  return name;
}

void selected(ScenarioContext& c) {
  if (!c.has({"GetDocument", "UpdateDocument"})) return;
  const auto name = with_versions(c, "selected", 3);
  if (!name) return;
  for (const auto& [selector, version] : {std::pair("1", 1), std::pair("2", 2), std::pair("3", 3),
                                          std::pair("$DEFAULT", 1), std::pair("$LATEST", 3)}) {
    const auto document = get(c, *name, {{"DocumentVersion", selector}});
    if (!document) return;
    expect_version(c, *document, std::to_string(version), says(version),
                   fmt::format("what DocumentVersion {} selects", selector));
  }
}

void default_is_not_latest(ScenarioContext& c) {
  if (!c.has({"GetDocument", "UpdateDocument"})) return;
  const auto name = with_versions(c, "default", 2);
  if (!name) return;
  if (const auto document = get(c, *name))
    expect_version(c, *document, "1", says(1), "the document behind an update, which changes no default,");
}

void default_is_set(ScenarioContext& c) {
  if (!c.has({"GetDocument", "UpdateDocument", "UpdateDocumentDefaultVersion"})) return;
  const auto name = with_versions(c, "set", 3);
  if (!name) return;
  const Reply set = c.call("UpdateDocumentDefaultVersion", {{"Name", *name}, {"DocumentVersion", "2"}});
  if (!c.expect(set.ok(), "relation/document",
                fmt::format("UpdateDocumentDefaultVersion answers {} to version 2 of 3", set.text())))
    return;
  c.expect(wire::text_at(set.body, "/Description/DefaultVersion") == "2", "relation/document-version",
           "UpdateDocumentDefaultVersion does not answer with the default version that was set");
  const auto usual = get(c, *name);
  const auto latest = get(c, *name, {{"DocumentVersion", "$LATEST"}});
  if (!usual || !latest) return;
  expect_version(c, *usual, "2", says(2), "the document behind a new default version");
  expect_version(c, *latest, "3", says(3), "its latest version");
}

void described(ScenarioContext& c) {
  if (!c.has({"DescribeDocument", "UpdateDocument"})) return;
  const auto name = with_versions(c, "described", 2);
  if (!name) return;
  const Reply reply = c.call("DescribeDocument", {{"Name", *name}});
  if (!c.expect(reply.ok(), "relation/document",
                fmt::format("DescribeDocument answers {} for a document that is there", reply.text())))
    return;
  const Json document = member_of(reply.body, "Document");
  for (const auto& [member, value] : {std::pair("LatestVersion", "2"), std::pair("DefaultVersion", "1"),
                                      std::pair("DocumentVersion", "1")}) {
    const std::string said = wire::text_member(document, member);
    c.expect(said == value, "relation/document-version",
             fmt::format("DescribeDocument says {} {} of two versions, not {}", member,
                         said.empty() ? "nothing" : said, value));
  }
  c.expect(wire::text_member(document, "Description") == "content 1", "relation/content",
           "DescribeDocument does not describe the default version");
}

void by_version_name(ScenarioContext& c) {
  if (!c.has({"GetDocument", "UpdateDocument"})) return;
  const auto name = make(c, "named", says(1), {{"VersionName", "first"}});
  if (!name || !update(c, *name, says(2), {{"VersionName", "second"}})) return;
  for (const auto& [version_name, version] : {std::pair("first", 1), std::pair("second", 2)}) {
    const auto document = get(c, *name, {{"VersionName", version_name}});
    if (!document) return;
    expect_version(c, *document, std::to_string(version), says(version),
                   fmt::format("what VersionName {} selects", version_name));
    c.expect(wire::text_member(*document, "VersionName") == version_name, "relation/document-version",
             fmt::format("GetDocument does not say VersionName {}, which it was asked for", version_name));
  }
}

void listed(ScenarioContext& c, int page_size) {
  if (!c.has({"ListDocumentVersions", "UpdateDocument"})) return;
  const auto name = with_versions(c, "listed", 4);
  if (!name) return;
  const auto all = all_of(c, kVersions, {{"Name", *name}}, page_size);
  if (!all) return;
  auto versions = texts_of(*all, "DocumentVersion");
  std::sort(versions.begin(), versions.end());
  c.expect(versions == std::vector<std::string>{"1", "2", "3", "4"}, "relation/versions",
           fmt::format("ListDocumentVersions names {} of four versions", wire::to_text(Json(versions))));
  const auto defaults = std::count_if(all->begin(), all->end(), [](const Json& version) {
    return member_of(version, "IsDefaultVersion") == true;
  });
  c.expect(defaults == 1, "relation/versions",
           fmt::format("ListDocumentVersions says of {} versions that they are the default", defaults));
}
void listed_whole(ScenarioContext& c) {
  listed(c, 0);
}
void listed_in_pages(ScenarioContext& c) {
  listed(c, 1);
}

void one_is_deleted(ScenarioContext& c) {
  if (!c.has({"GetDocument", "UpdateDocument", "ListDocumentVersions", "DeleteDocument"})) return;
  const auto name = with_versions(c, "deleted", 3);
  if (!name) return;
  const Reply removed = c.call("DeleteDocument", {{"Name", *name}, {"DocumentVersion", "2"}});
  if (!c.expect(removed.ok(), "relation/document",
                fmt::format("DeleteDocument answers {} for a version that is there", removed.text())))
    return;
  const auto all = all_of(c, kVersions, {{"Name", *name}});
  if (!all) return;
  auto versions = texts_of(*all, "DocumentVersion");
  std::sort(versions.begin(), versions.end());
  c.expect(versions == std::vector<std::string>{"1", "3"}, "relation/versions",
           fmt::format("behind the deletion of version 2, there are the versions {}",
                       wire::to_text(Json(versions))));
  for (const int version : {1, 3}) {
    if (const auto document = get(c, *name, {{"DocumentVersion", std::to_string(version)}}))
      expect_version(c, *document, std::to_string(version), says(version),
                     "a version behind the deletion of another");
  }
  const Reply gone = c.call("GetDocument", {{"Name", *name}, {"DocumentVersion", "2"}});
  expect_refused(c, gone, {"InvalidDocumentVersion", "InvalidDocument"},
                 "GetDocument for a version that was deleted");
}

void all_are_deleted(ScenarioContext& c) {
  if (!c.has({"GetDocument", "UpdateDocument", "DeleteDocument"})) return;
  const auto name = with_versions(c, "gone", 2);
  if (!name) return;
  const Reply removed = c.call("DeleteDocument", {{"Name", *name}});
  if (!c.expect(removed.ok(), "relation/document",
                fmt::format("DeleteDocument answers {} for a document that is there", removed.text())))
    return;
  for (const char* selector : {"1", "2", "$LATEST", "$DEFAULT"}) {
    const Reply gone = c.call("GetDocument", {{"Name", *name}, {"DocumentVersion", selector}});
    expect_refused(c, gone, {"InvalidDocument", "InvalidDocumentVersion"},
                   fmt::format("GetDocument for version {} of a document that was deleted", selector));
  }
}

void same_content(ScenarioContext& c) {
  if (!c.has({"UpdateDocument", "ListDocumentVersions"})) return;
  const auto name = make(c, "same", says(1));
  if (!name) return;
  if (!expect_refused(c, try_update(c, *name, says(1)), {"DuplicateDocumentContent"},
                      "UpdateDocument with the content that the document has"))
    return;
  if (const auto all = all_of(c, kVersions, {{"Name", *name}}))
    c.expect(all->size() == 1, "relation/versions",
             fmt::format("behind a refused update, there are {} versions", all->size()));
}

void version_name_is_taken(ScenarioContext& c) {
  if (!c.has({"UpdateDocument"})) return;
  const auto name = make(c, "taken", says(1), {{"VersionName", "first"}});
  if (!name) return;
  expect_refused(c, try_update(c, *name, says(2), {{"VersionName", "first"}}),
                 {"DuplicateDocumentVersionName"}, "UpdateDocument with the name of another version");
}

void unknown_version(ScenarioContext& c, const char* operation, const char* member, const char* value) {
  if (!c.has({operation})) return;
  const auto name = make(c, "unknown", says(1));
  if (!name) return;
  expect_refused(c, c.call(operation, {{"Name", *name}, {member, value}}),
                 {"InvalidDocumentVersion", "InvalidDocument"},
                 fmt::format("{} with {} {} for a document of one version", operation, member, value));
}
void get_unknown_version(ScenarioContext& c) {
  unknown_version(c, "GetDocument", "DocumentVersion", "99");
}
void get_unknown_version_name(ScenarioContext& c) {
  unknown_version(c, "GetDocument", "VersionName", "never-given");
}
void describe_unknown_version(ScenarioContext& c) {
  unknown_version(c, "DescribeDocument", "DocumentVersion", "99");
}
void set_unknown_default(ScenarioContext& c) {
  unknown_version(c, "UpdateDocumentDefaultVersion", "DocumentVersion", "99");
}
void update_unknown_version(ScenarioContext& c) {
  if (!c.has({"UpdateDocument"})) return;
  const auto name = make(c, "unknown", says(1));
  if (!name) return;
  expect_refused(c, try_update(c, *name, says(2), {{"DocumentVersion", "99"}}),
                 {"InvalidDocumentVersion", "InvalidDocument"},
                 "UpdateDocument of version 99 for a document of one version");
}

void selectors_disagree(ScenarioContext& c) {
  if (!c.has({"GetDocument", "UpdateDocument"})) return;
  const auto name = make(c, "disagree", says(1), {{"VersionName", "first"}});
  if (!name || !update(c, *name, says(2), {{"VersionName", "second"}})) return;
  const Reply reply =
      c.call("GetDocument", {{"Name", *name}, {"DocumentVersion", "2"}, {"VersionName", "first"}});
  // Which of the two counts is not documented.
  c.advise(!reply.ok(), "relation/refused",
           fmt::format("GetDocument answers {} to a DocumentVersion and a VersionName of two versions",
                       reply.text()));
}

// So many writers, so many versions, each with a number of its own.
void concurrent_updates(ScenarioContext& c) {
  if (!c.has({"UpdateDocument", "ListDocumentVersions"})) return;
  constexpr std::size_t kWriters = 6;
  const auto name = make(c, "writers", says(1));
  if (!name) return;
  std::vector<std::string> versions(kWriters);
  c.concurrently(kWriters, [&](std::size_t i, ScenarioContext& lane) {
    const Reply reply = try_update(lane, *name, content_saying(fmt::format("of writer {}", i)));
    if (reply.ok()) versions[i] = wire::text_at(reply.body, "/DocumentDescription/DocumentVersion");
  });
  std::erase(versions, "");
  if (versions.empty()) return c.unchecked("no update was accepted while others were made");
  const std::size_t done = versions.size();
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  c.expect(versions.size() == done, "relation/lost-change",
           fmt::format("{} updates at once were given {} versions", done, versions.size()));
  if (const auto all = all_of(c, kVersions, {{"Name", *name}}))
    c.expect(all->size() == done + 1, "relation/lost-change",
             fmt::format("behind {} updates at once, there are {} versions", done, all->size()));
}

}  // namespace

std::vector<Scenario> scenarios_versions() {
  return {
      {"GetDocument/scenario/version/selected", "GetDocument",
       "each version is read by its number, the default and the latest by their names", selected},
      {"GetDocument/scenario/version/default", "GetDocument",
       "without a version, the default is read, which an update does not change", default_is_not_latest},
      {"GetDocument/scenario/version/by-name", "GetDocument", "a version is read by its VersionName",
       by_version_name},
      {"GetDocument/scenario/version/unknown", "GetDocument", "a version that there is not",
       get_unknown_version, kRefused},
      {"GetDocument/scenario/version/unknown-name", "GetDocument", "a VersionName that no version has",
       get_unknown_version_name, kRefused},
      {"GetDocument/scenario/version/disagree", "GetDocument",
       "a DocumentVersion and a VersionName of two versions", selectors_disagree},
      {"DescribeDocument/scenario/versions", "DescribeDocument",
       "the latest and the default version are told apart", described},
      {"DescribeDocument/scenario/version/unknown", "DescribeDocument", "a version that there is not",
       describe_unknown_version, kRefused},
      {"UpdateDocumentDefaultVersion/scenario/set", "UpdateDocumentDefaultVersion",
       "the default version is the one that was set", default_is_set},
      {"UpdateDocumentDefaultVersion/scenario/version/unknown", "UpdateDocumentDefaultVersion",
       "a version that there is not", set_unknown_default, kRefused},
      {"ListDocumentVersions/scenario/whole", "ListDocumentVersions",
       "each version is listed once, and one is the default", listed_whole},
      {"ListDocumentVersions/scenario/pages", "ListDocumentVersions", "and so it is by pages of one",
       listed_in_pages},
      {"DeleteDocument/scenario/one-version", "DeleteDocument", "one version is deleted, and no other",
       one_is_deleted},
      {"DeleteDocument/scenario/all-versions", "DeleteDocument", "without a version, all are deleted",
       all_are_deleted},
      {"UpdateDocument/scenario/same-content", "UpdateDocument", "new content must be new", same_content,
       kRefused},
      {"UpdateDocument/scenario/version-name-taken", "UpdateDocument", "two versions cannot have one name",
       version_name_is_taken, kRefused},
      {"UpdateDocument/scenario/version/unknown", "UpdateDocument", "a version that there is not",
       update_unknown_version, kRefused},
      {"UpdateDocument/scenario/concurrent-updates", "UpdateDocument", "updates at once are all kept",
       concurrent_updates},
  };
}

}  // namespace conformance::ssm::documents
