#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "conformance/ssm/fault_support.h"

// What endpoints get wrong about the versions, contents and lists of documents: much of it was seen in
// emulators.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

constexpr const char* kGet = "GetDocument";
constexpr const char* kAbout = "DescribeDocument";
constexpr const char* kUpdate = "UpdateDocument";
constexpr const char* kSetDefault = "UpdateDocumentDefaultVersion";
constexpr const char* kVersions = "ListDocumentVersions";
constexpr const char* kList = "ListDocuments";

std::string text(const Json& input, const char* member) {
  return text_of(input, member).value_or("");
}

bool is_broken(const Json& input) {
  return !wire::parse_json(text(input, "Content"));
}

Json said_to_be_made(const Json& input) {
  return {{"DocumentDescription", {{"Name", text(input, "Name")}, {"DocumentVersion", "1"}}}};
}

// A selector is read as another; as none at all, if that is "".
Fault reads_selector(About a, std::string_view operation, const char* member, const std::string& from,
                     const std::string& to) {
  return reads(std::move(a), operation, [=](Json& input) {
    if (text(input, member) != from) return;
    if (to.empty()) {
      input.erase(member);
    } else {
      input[member] = to;
    }
  });
}

std::vector<Fault> selection() {
  const std::string selected = "get-document/version/selected";
  const std::string usual = "get-document/version/default";
  const std::string named = "get-document/version/name";
  const std::string unknown = "get-document/version/unknown";
  return {
      reads(about_medium("document-without-version-is-latest", relation, usual,
                         "Answers the latest version where none is asked for."),
            kGet,
            [](Json& input) {
              if (!input.contains("DocumentVersion") && !input.contains("VersionName"))
                input["DocumentVersion"] = "$LATEST";
            }),
      reads_selector(
          about_medium("document-default-is-latest", relation, selected, "Takes $DEFAULT for $LATEST."), kGet,
          "DocumentVersion", "$DEFAULT", "$LATEST"),
      reads_selector(
          about_medium("document-latest-is-default", relation, selected, "Takes $LATEST for $DEFAULT."), kGet,
          "DocumentVersion", "$LATEST", "$DEFAULT"),
      reads(about_medium("document-number-ignored", relation, selected, "Passes over numbers of versions."),
            kGet,
            [](Json& input) {
              if (!text(input, "DocumentVersion").starts_with('$')) input.erase("DocumentVersion");
            }),
      alters(
          about_medium("document-version-always-1", relation, selected, "Says version 1 of every version."),
          kGet, [](const Json&, Json& output) { output["DocumentVersion"] = "1"; }),
      alters(about_medium("document-version-as-asked", relation, selected,
                          "Says the selector that was asked for as the version."),
             kGet,
             [](const Json& input, Json& output) {
               if (const auto asked = text(input, "DocumentVersion"); !asked.empty())
                 output["DocumentVersion"] = asked;
             }),
      reads(about_medium("document-version-name-ignored", relation, named, "Passes over VersionName."), kGet,
            [](Json& input) { input.erase("VersionName"); }),
      alters(about_medium("version-name-not-shown", shape, named, "Does not say the name of a version."),
             kGet, [](const Json&, Json& output) { output.erase("VersionName"); }),
      reads_selector(about_medium("unknown-document-version-is-default", relation, unknown,
                                  "Answers the default version for one that there is not."),
                     kGet, "DocumentVersion", "99", ""),
      reads_selector(about_medium("unknown-version-name-is-default", relation, unknown,
                                  "Answers the default version for a name that none has."),
                     kGet, "VersionName", "never-given", ""),
      answers(
          about_medium("unknown-document-is-empty", relation, "get-document/unknown",
                       "Answers nothing, with 200, for a document that there is not."),
          kGet, [](const Json& input) { return text(input, "Name").find("none") != std::string::npos; },
          [](const Json&) { return Json::object(); }),
      refuses(about_medium("unknown-document-is-invalid-input", error_code, "get-document/unknown",
                           "Says ValidationException of a document that there is not."),
              kGet,
              [](const Json& input) {
                const auto name = text(input, "Name");
                return name.find("none") != std::string::npos && !name.starts_with("arn:");
              }),
  };
}

std::vector<Fault> contents() {
  const std::string kept = "get-document/content";
  const auto changes_content = [&](std::string name, std::string description,
                                   std::function<std::string(std::string)> change) {
    return alters(about_medium(std::move(name), relation, kept, std::move(description)), kGet,
                  [=](const Json&, Json& output) { output["Content"] = change(text(output, "Content")); });
  };
  return {
      changes_content("content-ascii-only", "Writes a question mark for what is not ASCII.",
                      [](std::string content) {
                        std::replace_if(
                            content.begin(), content.end(), [](unsigned char c) { return c >= 0x80; }, '?');
                        return content;
                      }),
      changes_content("content-cut-off", "Keeps the first 100 bytes of a content.",
                      [](const std::string& content) { return content.substr(0, 100); }),
      changes_content("content-expanded", "Expands what looks like a variable in a content.",
                      [](std::string content) {
                        const auto at = content.find("{x}");
                        return at == std::string::npos ? content : content.replace(at, 3, "x");
                      }),
      changes_content("content-without-description", "Keeps of a content what it takes to run it.",
                      [](const std::string& content) {
                        auto read = wire::parse_json(content);
                        if (!read) return content;
                        read->value.erase("description");
                        return wire::to_text(read->value);
                      }),
      // What was written last stands for all versions.
      fault(about_medium("one-content-for-all-versions", relation, "get-document/version/selected",
                         "Keeps one content, whatever the version."),
            [] {
              FaultHooks hooks;
              hooks.outcome = [last = std::make_shared<std::map<std::string, std::string>>()](
                                  std::string_view asked, const Json& input, Outcome& outcome) {
                if (!outcome) return;
                if (asked == kUpdate) (*last)[text(input, "Name")] = text(input, "Content");
                const auto found = last->find(text(input, "Name"));
                if (asked == kGet && found != last->end()) (*outcome)["Content"] = found->second;
              };
              return hooks;
            }),
      answers(about_medium("content-cut-off-accepted", constraint, "create-document/content/well-formed",
                           "Takes JSON that is cut off."),
              kCreate, is_broken, said_to_be_made),
      recodes(about_medium("bad-content-is-invalid-input", error_code, "create-document/content/well-formed",
                           "Says ValidationException of content that is no document."),
              "InvalidDocumentContent", 400, "ValidationException"),
      answers(
          about_medium("large-content-accepted", constraint, "create-document/content/size",
                       "Takes contents beyond 64 KB."),
          kCreate, [](const Json& input) { return text(input, "Content").size() > 65536; }, said_to_be_made),
      answers(
          about_medium("undeclared-parameter-accepted", relation, "create-document/content/parameters",
                       "Does not look whether a runbook declares what it uses."),
          kCreate,
          [](const Json& input) {
            return text(input, "Content").find("{{ Undeclared }}") != std::string::npos;
          },
          said_to_be_made),
      accepts(about_medium("taken-document-name-accepted", relation, "create-document/name-taken",
                           "Makes a document of a name that is taken."),
              kCreate, "DocumentAlreadyExists",
              Json{{"DocumentDescription", {{"Name", "taken"}, {"DocumentVersion", "1"}}}}),
      recodes(about_medium("taken-document-name-is-invalid", error_code, "create-document/name-taken",
                           "Says InvalidDocument of a name that is taken."),
              "DocumentAlreadyExists", 400, "InvalidDocument"),
      // The second creation is refused, and read all the same.
      fault(about_medium("taken-document-name-overwrites", relation, "create-document/name-taken",
                         "Refuses a name that is taken, and keeps the new content."),
            [] {
              FaultHooks hooks;
              hooks.outcome = [kept = std::make_shared<std::map<std::string, std::string>>()](
                                  std::string_view asked, const Json& input, Outcome& outcome) {
                if (asked == kCreate && refused(outcome, "DocumentAlreadyExists"))
                  (*kept)[text(input, "Name")] = text(input, "Content");
                const auto found = kept->find(text(input, "Name"));
                if (asked == kGet && outcome && found != kept->end()) (*outcome)["Content"] = found->second;
              };
              return hooks;
            }),
  };
}

std::vector<Fault> descriptions() {
  const std::string versions = "describe-document/versions";
  const std::string parameters = "describe-document/parameters";
  const auto changes = [](About a, std::function<void(Json & document)> change) {
    return alters(std::move(a), kAbout, [=](const Json&, Json& output) {
      if (output.contains("Document") && output["Document"].is_object()) change(output["Document"]);
    });
  };
  const auto changes_parameters = [&](About a, std::function<void(Json & parameter)> change) {
    return changes(std::move(a), [=](Json& document) {
      if (!document.contains("Parameters")) return;
      for (Json& parameter : document["Parameters"]) change(parameter);
    });
  };
  return {
      changes(about_medium("latest-version-stays-1", relation, versions, "Never counts the latest version."),
              [](Json& document) { document["LatestVersion"] = "1"; }),
      changes(about_medium("default-version-follows", relation, versions,
                           "Says the latest version as the default one."),
              [](Json& document) { document["DefaultVersion"] = document["LatestVersion"]; }),
      reads(about_medium("latest-is-described", relation, versions,
                         "Describes the latest version, unless told."),
            kAbout,
            [](Json& input) {
              if (!input.contains("DocumentVersion")) input["DocumentVersion"] = "$LATEST";
            }),
      changes(about_medium("parameters-not-shown", shape, parameters,
                           "Does not name the parameters of a document."),
              [](Json& document) { document["Parameters"] = Json::array(); }),
      changes_parameters(about_medium("parameter-default-not-shown", shape, parameters,
                                      "Does not say a parameter's default."),
                         [](Json& parameter) { parameter.erase("DefaultValue"); }),
      changes_parameters(
          about_medium("parameters-are-lists", relation, parameters, "Says StringList of every parameter."),
          [](Json& parameter) { parameter["Type"] = "StringList"; }),
      reads_selector(about_medium("unknown-version-is-described", relation, "describe-document/unknown",
                                  "Describes the default version for one that there is not."),
                     kAbout, "DocumentVersion", "99", ""),
      answers(
          about_medium("unknown-document-is-described", relation, "describe-document/unknown",
                       "Describes nothing, with 200, for a document that there is not."),
          kAbout, [](const Json& input) { return text(input, "Name").find("none") != std::string::npos; },
          [](const Json&) {
            return Json{{"Document", Json::object()}};
          }),
  };
}

std::vector<Fault> updates() {
  const std::string content = "update-document/content";
  const std::string unknown = "update-document/unknown";
  const std::string set = "update-document-default-version/set";
  return {
      reads(about_medium("same-content-makes-a-version", relation, content,
                         "Makes a version of the content that is there."),
            kUpdate, [](Json& input) { input["Content"] = text(input, "Content") + " "; }),
      answers(about_medium("update-takes-broken-content", constraint, content, "Takes JSON that is cut off."),
              kUpdate, is_broken, said_to_be_made),
      reads_selector(about_medium("version-name-twice", relation, "update-document/version-name",
                                  "Does not look whether a version name is taken."),
                     kUpdate, "VersionName", "first", ""),
      accepts(about_medium("update-of-none-accepted", relation, unknown, "Updates what there is not."),
              kUpdate, "InvalidDocument", Json{{"DocumentDescription", {{"DocumentVersion", "2"}}}}),
      reads_selector(about_medium("update-of-any-version", relation, unknown,
                                  "Does not look which version is to be updated."),
                     kUpdate, "DocumentVersion", "99", "$LATEST"),
      accepts(about_medium("old-schema-updated", relation, "update-document/schema",
                           "Updates documents of schema version 1.2."),
              kUpdate, "InvalidDocumentSchemaVersion",
              Json{{"DocumentDescription", {{"DocumentVersion", "2"}}}}),
      alters(about_medium("updates-at-once-share-a-version", concurrency, "update-document/all",
                          "Gives updates that come quickly behind one another one version."),
             kUpdate,
             [](const Json& input, Json& output) {
               if (text(input, "Content").find("of writer") != std::string::npos)
                 output["DocumentDescription"]["DocumentVersion"] = "2";
             }),
      reads(about_medium("default-version-stays-1", relation, set,
                         "Sets version 1 as the default, whatever is asked."),
            kSetDefault, [](Json& input) { input["DocumentVersion"] = "1"; }),
      fault(about_medium("default-version-is-not-kept", relation, set,
                         "Says that it has set the default, and has not."),
            [] {
              FaultHooks hooks;
              hooks.input = [](std::string_view asked, Json& input) {
                if (asked == kGet && !input.contains("DocumentVersion") && !input.contains("VersionName"))
                  input["DocumentVersion"] = "1";
              };
              return hooks;
            }),
      accepts(about_medium("unknown-default-version-accepted", relation,
                           "update-document-default-version/unknown", "Sets a version that there is not."),
              kSetDefault, "InvalidDocumentVersion", Json{{"Description", {{"DefaultVersion", "99"}}}}),
  };
}

// ListDocumentVersions: changes the versions of every page.
Fault lists_versions(std::string name, std::string description, std::function<void(Json& versions)> change) {
  return alters(about_medium(std::move(name), relation, "list-document-versions/all", std::move(description)),
                kVersions, [=](const Json&, Json& output) {
                  if (output.contains("DocumentVersions")) change(output["DocumentVersions"]);
                });
}

// ListDocuments passes over filters of this key.
Fault ignores_filter(std::string name, std::string key, std::string description) {
  return reads(about_medium(std::move(name), relation, "list-documents/filters", std::move(description)),
               kList, [key = std::move(key)](Json& input) {
                 if (!input.contains("Filters") || !input["Filters"].is_array()) return;
                 Json kept = Json::array();
                 for (const Json& f : input["Filters"]) {
                   if (text(f, "Key") != key) kept.push_back(f);
                 }
                 input["Filters"] = kept;
               });
}

std::vector<Fault> lists() {
  const std::string versions = "list-document-versions/all";
  const std::string shown = "list-documents/shown";
  const std::string pages = "list-documents/pages";
  return {
      lists_versions("no-version-is-default", "Says of no version that it is the default.",
                     [](Json& all) {
                       for (Json& version : all) version["IsDefaultVersion"] = false;
                     }),
      lists_versions("every-version-is-default", "Says of every version that it is the default.",
                     [](Json& all) {
                       for (Json& version : all) version["IsDefaultVersion"] = true;
                     }),
      lists_versions("first-version-alone", "Lists the first version alone.",
                     [](Json& all) {
                       if (all.size() > 1) all = Json::array({all.front()});
                     }),
      lists_versions("versions-twice", "Lists each version twice.",
                     [](Json& all) {
                       const Json once = all;
                       for (const Json& version : once) all.push_back(version);
                     }),
      reads(about_medium("versions-on-one-page", paging, versions, "Lists all versions on one page."),
            kVersions, [](Json& input) { input.erase("MaxResults"); }),
      reads(
          about_medium("versions-without-end", paging, versions, "Lists the first page of versions, always."),
          kVersions, [](Json& input) { input.erase("NextToken"); }),
      ignores_filter("name-filter-ignored", "Name", "Passes over a filter by name."),
      ignores_filter("type-filter-ignored", "DocumentType", "Passes over a filter by type."),
      ignores_filter("owner-filter-ignored", "Owner", "Passes over a filter by owner."),
      ignores_filter("tag-filter-ignored", "tag:colour", "Passes over a filter by tag."),
      reads(about_medium("first-document-filter-alone", relation, "list-documents/filters",
                         "Heeds the first filter alone."),
            kList,
            [](Json& input) {
              if (input.contains("Filters") && input["Filters"].is_array() && input["Filters"].size() > 1)
                input["Filters"] = Json::array({input["Filters"].front()});
            }),
      reads(about_medium("last-document-filter-alone", relation, "list-documents/filters",
                         "Heeds the last filter alone."),
            kList,
            [](Json& input) {
              if (input.contains("Filters") && input["Filters"].is_array() && input["Filters"].size() > 1)
                input["Filters"] = Json::array({input["Filters"].back()});
            }),
      // What was deleted stays in the list, as it was.
      fault(about_medium("deleted-document-is-listed", state, shown, "Lists documents that were deleted."),
            [] {
              struct Seen {
                std::map<std::string, Json> documents;
                std::set<std::string> deleted;
              };
              FaultHooks hooks;
              hooks.outcome = [seen = std::make_shared<Seen>()](std::string_view asked, const Json& input,
                                                                Outcome& outcome) {
                if (!outcome) return;
                if (asked == kDelete) seen->deleted.insert(text(input, "Name"));
                if (asked != kList || !outcome->contains("DocumentIdentifiers")) return;
                for (const Json& document : (*outcome)["DocumentIdentifiers"])
                  seen->documents[text(document, "Name")] = document;
                for (const auto& name : seen->deleted) {
                  const auto found = seen->documents.find(name);
                  if (found != seen->documents.end() && wire::to_text(input).find(name) != std::string::npos)
                    (*outcome)["DocumentIdentifiers"].push_back(found->second);
                }
              };
              return hooks;
            }),
      fault(about_medium("latest-version-is-listed", relation, shown,
                         "Lists the latest version of a document."),
            [] {
              FaultHooks hooks;
              hooks.outcome = [updated = std::make_shared<std::map<std::string, std::string>>()](
                                  std::string_view asked, const Json& input, Outcome& outcome) {
                if (!outcome) return;
                if (asked == kUpdate)
                  (*updated)[text(input, "Name")] =
                      wire::text_at(*outcome, "/DocumentDescription/DocumentVersion");
                if (asked != kList || !outcome->contains("DocumentIdentifiers")) return;
                for (Json& document : (*outcome)["DocumentIdentifiers"]) {
                  const auto found = updated->find(text(document, "Name"));
                  if (found != updated->end()) document["DocumentVersion"] = found->second;
                }
              };
              return hooks;
            }),
      alters(about_medium("no-document-is-listed", relation, shown, "Lists no document at all."), kList,
             [](const Json&, Json& output) { output["DocumentIdentifiers"] = Json::array(); }),
      reads(about_medium("documents-on-one-page", paging, pages, "Lists all documents on one page."), kList,
            [](Json& input) { input.erase("MaxResults"); }),
      reads(
          about_medium("documents-without-end", paging, pages, "Lists the first page of documents, always."),
          kList, [](Json& input) { input.erase("NextToken"); }),
      alters(about_medium("first-page-alone", paging, pages,
                          "Lists the first page of documents, and says no more."),
             kList, [](const Json&, Json& output) { output.erase("NextToken"); }),
  };
}

std::vector<Fault> deletions() {
  const std::string one = "delete-document/version";
  const std::string all = "delete-document/all";
  return {
      reads(about_medium("deleting-a-version-deletes-all", relation, one,
                         "Deletes the document where a version is named."),
            kDelete, [](Json& input) { input.erase("DocumentVersion"); }),
      reads_selector(about_medium("deleting-a-version-deletes-another", relation, one,
                                  "Deletes the version behind the one that is named."),
                     kDelete, "DocumentVersion", "2", "3"),
      answers(
          about_medium("deleted-version-is-read", state, one, "Still answers a version that was deleted."),
          kGet, [](const Json& input) { return text(input, "DocumentVersion") == "2"; },
          [](const Json& input) {
            return Json{{"Name", text(input, "Name")}, {"DocumentVersion", "2"}, {"Content", "{}"}};
          }),
      answers(
          about_medium("versions-outlive-the-document", state, all,
                       "Answers versions of a document that was deleted."),
          kGet,
          [](const Json& input) {
            return text(input, "DocumentVersion") == "1" &&
                   text(input, "Name").find("gone") != std::string::npos;
          },
          [](const Json& input) {
            return Json{{"Name", text(input, "Name")}, {"DocumentVersion", "1"}, {"Content", "{}"}};
          }),
  };
}

}  // namespace

std::vector<Fault> faults_versions() {
  return joined({selection(), contents(), descriptions(), updates(), lists(), deletions()});
}

}  // namespace conformance::ssm::documents
