#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "conformance/ssm/fault_support.h"

// What endpoints get wrong about Parameter Store: most of it was seen in emulators.
namespace conformance::ssm::parameters {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

constexpr const char* kPut = "PutParameter";
constexpr const char* kGet = "GetParameter";
constexpr const char* kHistory = "GetParameterHistory";
constexpr const char* kByPath = "GetParametersByPath";
constexpr const char* kDescribeAll = "DescribeParameters";
constexpr const char* kLabel = "LabelParameterVersion";
constexpr const char* kUnlabel = "UnlabelParameterVersion";

std::string name_of(const Json& input) {
  return text_of(input, "Name").value_or("");
}

std::size_t value_size(const Json& input) {
  return wire::scalar_count(text_of(input, "Value").value_or(""));
}

void set(Json& output, const char* object, const char* member, const Json& value) {
  if (output.contains(object) && output[object].is_object()) output[object][member] = value;
}

Json* listed(Json& output) {
  return output.contains("Parameters") && output["Parameters"].is_array() ? &output["Parameters"] : nullptr;
}

std::vector<Fault> values() {
  const std::string kept = "put-parameter/value/kept";
  const std::string size = "put-parameter/value/size";
  const auto changes_value = [&](std::string name, std::string description,
                                 std::function<std::string(std::string)> change) {
    return reads(about_medium(std::move(name), relation, kept, std::move(description)), kPut,
                 [=](Json& input) {
                   if (const auto value = text_of(input, "Value")) input["Value"] = change(*value);
                 });
  };
  return {
      changes_value("value-without-lines", "Makes one line of a value.",
                    [](std::string text) {
                      std::replace(text.begin(), text.end(), '\n', ' ');
                      return text;
                    }),
      changes_value("value-ascii-only", "Writes a question mark for what is not ASCII.",
                    [](std::string text) {
                      std::replace_if(
                          text.begin(), text.end(), [](unsigned char c) { return c >= 0x80; }, '?');
                      return text;
                    }),
      changes_value("value-expanded", "Expands what looks like a variable in a value.",
                    [](std::string text) {
                      const auto at = text.find("{x}");
                      return at == std::string::npos ? text : text.replace(at, 3, "x");
                    }),
      answers(
          about_medium("standard-value-unlimited", constraint, size,
                       "Takes 4,097 characters for the standard tier."),
          kPut, [](const Json& input) { return value_size(input) == 4097; },
          [](const Json&) {
            return Json{{"Version", 1}, {"Tier", "Standard"}};
          }),
      answers(
          about_medium("advanced-value-unlimited", constraint, size,
                       "Takes 8,193 characters for the advanced tier."),
          kPut, [](const Json& input) { return value_size(input) > 8192; },
          [](const Json&) {
            return Json{{"Version", 1}, {"Tier", "Advanced"}};
          }),
      answers(
          about_medium("empty-value-accepted", constraint, size, "Takes an empty value."), kPut,
          [](const Json& input) { return text_of(input, "Value") == ""; },
          [](const Json&) {
            return Json{{"Version", 1}};
          }),
      refuses(about_medium("standard-value-4096-refused", constraint, size,
                           "Wants a standard value to be below 4,096 characters."),
              kPut, [](const Json& input) { return value_size(input) == 4096; },
              {400, "ValidationException", ""}),
  };
}

std::vector<Fault> versions() {
  const std::string grows = "put-parameter/version/grows";
  const std::string anew = "put-parameter/version/anew";
  const std::string history = "get-parameter-history/all";
  return {
      alters(about_medium("version-always-1", relation, grows, "Says Version 1, whatever was overwritten."),
             kPut, [](const Json&, Json& output) { output["Version"] = 1; }),
      alters(about_medium("version-from-0", relation, grows, "Counts versions from 0."), kPut,
             [](const Json&, Json& output) { output["Version"] = output["Version"].get<int>() - 1; }),
      alters(
          about_medium("read-version-always-1", relation, grows, "Shows every parameter as its version 1."),
          kGet, [](const Json&, Json& output) { set(output, "Parameter", "Version", 1); }),
      refuses(about_medium("overwrite-needs-type", relation, grows, "Demands a type on an overwrite."), kPut,
              [](const Json& input) { return input.contains("Overwrite") && !input.contains("Type"); },
              {400, "ValidationException", ""}),
      // What was deleted goes on where it ended.
      fault(about_medium("deleted-version-goes-on", state, anew, "Goes on counting behind a deletion."),
            [] {
              FaultHooks hooks;
              hooks.outcome = [counted = std::make_shared<std::map<std::string, int>>()](
                                  std::string_view asked, const Json& input, Outcome& outcome) {
                if (!outcome || !input.is_object()) return;
                if (asked == kPut) (*outcome)["Version"] = ++(*counted)[name_of(input)];
                if (asked == kGet && counted->contains(name_of(input)))
                  set(*outcome, "Parameter", "Version", (*counted)[name_of(input)]);
              };
              return hooks;
            }),
      fault(about_medium("deleted-history-stays", state, anew,
                         "Shows the history of a deleted parameter as the new one's."),
            [] {
              FaultHooks hooks;
              hooks.outcome = [deleted = std::make_shared<std::set<std::string>>()](
                                  std::string_view asked, const Json& input, Outcome& outcome) {
                if (!outcome || !input.is_object()) return;
                if (asked == "DeleteParameter") deleted->insert(name_of(input));
                Json* all =
                    asked == kHistory && deleted->contains(name_of(input)) ? listed(*outcome) : nullptr;
                if (all != nullptr && !all->empty()) all->push_back(all->front());
              };
              return hooks;
            }),
      alters(about_medium("history-of-the-latest", relation, history,
                          "Shows the latest version alone as the history."),
             kHistory,
             [](const Json&, Json& output) {
               if (Json* all = listed(output); all != nullptr && all->size() > 1)
                 *all = Json::array({all->back()});
             }),
      alters(about_medium("history-with-one-value", relation, history,
                          "Shows the latest value for every version."),
             kHistory,
             [](const Json&, Json& output) {
               Json* all = listed(output);
               if (all == nullptr || all->empty()) return;
               const Json value = all->back()["Value"];
               for (Json& version : *all) version["Value"] = value;
             }),
      reads(about_medium("history-without-end", paging, history,
                         "Shows the first page of a history again and again."),
            kHistory, [](Json& input) { input.erase("NextToken"); }),
      reads(about_medium("history-on-one-page", paging, history, "Shows all versions on one page."), kHistory,
            [](Json& input) { input.erase("MaxResults"); }),
      fault(about_medium("last-write-wins-a-version", concurrency, "put-parameter/version/all",
                         "Gives writes that come behind one another quickly one version."),
            [] {
              FaultHooks hooks;
              hooks.outcome = [](std::string_view asked, const Json& input, Outcome& outcome) {
                if (asked == kPut && outcome && text_of(input, "Value").value_or("").starts_with("of "))
                  (*outcome)["Version"] = 2;
              };
              return hooks;
            }),
      reads(about_medium("refused-put-overwrites", relation, "put-parameter/overwrite/refused",
                         "Overwrites without being told to."),
            kPut,
            [](Json& input) {
              if (text_of(input, "Value") == "second") input["Overwrite"] = true;
            }),
      recodes(about_medium("taken-name-is-invalid", error_code, "put-parameter/overwrite/refused",
                           "Says ValidationException of a name that is taken."),
              "ParameterAlreadyExists", 400, "ValidationException"),
      reads(about_medium("tags-on-overwrite-ignored", relation, "put-parameter/overwrite/tags",
                         "Passes over Tags where Overwrite is set."),
            kPut,
            [](Json& input) {
              if (input.contains("Overwrite")) input.erase("Tags");
            }),
  };
}

std::vector<Fault> types() {
  const std::string secret = "get-parameter/with-decryption";
  return {
      reads(about_medium("type-is-string-by-default", relation, "put-parameter/type/needed",
                         "Takes a missing Type for String."),
            kPut,
            [](Json& input) {
              if (!input.contains("Type") && !input.contains("Overwrite")) input["Type"] = "String";
            }),
      accepts(about_medium("other-type-ignored", relation, "put-parameter/type/stays",
                           "Passes over another Type on an overwrite."),
              kPut, "HierarchyTypeMismatchException", Json{{"Version", 2}}),
      reads(about_medium("allowed-pattern-ignored", constraint, "put-parameter/allowed-pattern",
                         "Does not look at AllowedPattern."),
            kPut, [](Json& input) { input.erase("AllowedPattern"); }),
      reads(
          about_medium("secret-always-open", relation, secret, "Always shows a SecureString in plain text."),
          kGet, [](Json& input) { input["WithDecryption"] = true; }),
      reads(about_medium("with-decryption-ignored", relation, secret, "Does not look at WithDecryption."),
            kGet, [](Json& input) { input.erase("WithDecryption"); }),
  };
}

// Names are accepted although a part of them rules that out.
Fault accepts_name(std::string name, const char* clause, std::string description,
                   bool (*when)(const std::string&)) {
  return answers(
      about_medium(std::move(name), constraint, std::string("put-parameter/name/") + clause,
                   std::move(description)),
      kPut, [=](const Json& input) { return when(name_of(input)); },
      [](const Json&) {
        return Json{{"Version", 1}};
      });
}

bool begins(const std::string& name, std::string_view word) {
  return base::lower(name).starts_with(word);
}

std::vector<Fault> names() {
  const std::string slash = "get-parameter/name/slash";
  return {
      accepts_name("name-with-braces-accepted", "grammar", "Takes braces in a name.",
                   [](const std::string& name) { return name.starts_with('{'); }),
      accepts_name("name-with-space-accepted", "grammar", "Takes a space in a name.",
                   [](const std::string& name) { return name.find(' ') != std::string::npos; }),
      accepts_name("name-not-qualified-accepted", "grammar", "Takes a hierarchy without a slash before it.",
                   [](const std::string& name) {
                     return !name.starts_with('/') && name.find('/') != std::string::npos;
                   }),
      accepts_name("name-with-empty-level-accepted", "grammar", "Takes an empty level of a hierarchy.",
                   [](const std::string& name) { return name.find("//") != std::string::npos; }),
      accepts_name("name-below-aws-accepted", "reserved", "Takes names below /aws.",
                   [](const std::string& name) { return begins(name, "/aws"); }),
      accepts_name("name-like-aws-in-capitals-accepted", "reserved",
                   "Knows reserved names in small letters alone.",
                   [](const std::string& name) { return begins(name, "/aws") && !name.starts_with("/aws"); }),
      accepts_name("name-like-ssm-accepted", "reserved", "Takes names that begin with ssm.",
                   [](const std::string& name) { return begins(name, "ssm") || begins(name, "/ssm"); }),
      accepts_name("name-of-16-levels-accepted", "levels", "Takes a hierarchy of 16 levels.",
                   [](const std::string& name) { return std::count(name.begin(), name.end(), '/') == 16; }),
      refuses(about_medium("name-of-15-levels-refused", constraint, "put-parameter/name/levels",
                           "Takes no more than 14 levels."),
              kPut,
              [](const Json& input) {
                const std::string name = name_of(input);
                return std::count(name.begin(), name.end(), '/') == 15;
              },
              {400, "HierarchyLevelLimitExceededException", ""}),
      refuses(about_medium("slash-before-name-unknown", relation, slash, "Does not find x by /x."), kGet,
              [](const Json& input) {
                const std::string name = name_of(input);
                return name.starts_with('/') && std::count(name.begin(), name.end(), '/') == 1;
              },
              {400, "ParameterNotFound", ""}),
      alters(about_medium("slash-before-name-forgotten", relation, slash, "Shows /x as x."), kGet,
             [](const Json& input, Json& output) {
               const std::string name = name_of(input);
               if (name.starts_with('/')) set(output, "Parameter", "Name", name.substr(1));
             }),
      refuses(about_medium("arn-is-no-name", relation, "get-parameter/name/arn",
                           "Does not find a parameter by its ARN."),
              kGet, [](const Json& input) { return name_of(input).starts_with("arn:"); },
              {400, "ParameterNotFound", ""}),
      refuses(about_medium("tags-by-the-very-name", relation, "list-tags-for-resource/parameter/slash",
                           "Knows the tags of a parameter by the name of its creation alone."),
              "ListTagsForResource",
              [](const Json& input) {
                return text_of(input, "ResourceId").value_or("").starts_with("conformance-");
              },
              {400, "InvalidResourceId", ""}),
      alters(about_medium("get-parameters-forgets-unknown", shape, "get-parameters/invalid-parameters",
                          "Does not say which names are unknown."),
             "GetParameters", [](const Json&, Json& output) { output["InvalidParameters"] = Json::array(); }),
      refuses(about_medium("get-parameters-all-or-none", relation, "get-parameters/invalid-parameters",
                           "Refuses all names where one is unknown."),
              "GetParameters",
              [](const Json& input) { return input.contains("Names") && input["Names"].size() == 2; },
              {400, "ParameterNotFound", ""}),
      alters(about_medium("delete-parameters-names-all", shape, "delete-parameters/invalid-parameters",
                          "Says that it deleted what was not there."),
             "DeleteParameters",
             [](const Json& input, Json& output) {
               output["DeletedParameters"] = input.value("Names", Json::array());
               output["InvalidParameters"] = Json::array();
             }),
  };
}

std::vector<Fault> labels() {
  const std::string moves = "label-parameter-version/moves";
  const std::string version = "get-parameter/selector/version";
  const std::string removes = "unlabel-parameter-version/removes";
  return {
      alters(about_medium("selector-shows-latest", relation, version,
                          "Shows the latest version, whatever is selected."),
             kGet,
             [](const Json& input, Json& output) {
               if (name_of(input).find(':') != std::string::npos)
                 set(output, "Parameter", "Value", "value 3");
             }),
      alters(about_medium("selector-not-shown", shape, version, "Does not say which selector was used."),
             kGet,
             [](const Json&, Json& output) {
               if (output.contains("Parameter")) output["Parameter"].erase("Selector");
             }),
      alters(about_medium("selector-without-colon", shape, version, "Says the selector without its colon."),
             kGet,
             [](const Json&, Json& output) {
               if (!output.contains("Parameter") || !output["Parameter"].contains("Selector")) return;
               output["Parameter"]["Selector"] = output["Parameter"]["Selector"].get<std::string>().substr(1);
             }),
      alters(
          about_medium("selector-in-the-name", shape, version, "Shows the selector as a part of the name."),
          kGet, [](const Json& input, Json& output) { set(output, "Parameter", "Name", name_of(input)); }),
      recodes(
          about_medium("unknown-version-is-unknown-parameter", error_code, "get-parameter/selector/unknown",
                       "Says ParameterNotFound of a version that there is not."),
          "ParameterVersionNotFound", 400, "ParameterNotFound"),
      reads(about_medium("unknown-version-is-the-latest", relation, "get-parameter/selector/unknown",
                         "Shows the latest version for one that there is not."),
            kGet,
            [](Json& input) {
              const std::string name = name_of(input);
              if (name.ends_with(":99")) input["Name"] = name.substr(0, name.find(':'));
            }),
      reads(about_medium("label-stays", relation, moves,
                         "Attaches a label to the first version that it is given for, always."),
            kLabel,
            [](Json& input) {
              if (input.contains("ParameterVersion") && input["ParameterVersion"] == 2)
                input["ParameterVersion"] = 1;
            }),
      alters(about_medium("label-on-two-versions", relation, moves,
                          "Shows a label at each version that it ever had."),
             kHistory,
             [](const Json&, Json& output) {
               Json* all = listed(output);
               if (all == nullptr) return;
               const bool labelled =
                   std::any_of(all->begin(), all->end(), [](const Json& v) { return v.contains("Labels"); });
               if (labelled && !all->empty()) all->front()["Labels"] = {"chosen"};
             }),
      alters(about_medium("history-without-labels", shape, moves, "Shows no labels in the history."),
             kHistory,
             [](const Json&, Json& output) {
               if (Json* all = listed(output)) {
                 for (Json& v : *all) v.erase("Labels");
               }
             }),
      reads(about_medium("label-of-the-first", relation, "label-parameter-version/latest",
                         "Labels the first version where none is named."),
            kLabel,
            [](Json& input) {
              if (!input.contains("ParameterVersion")) input["ParameterVersion"] = 1;
            }),
      alters(about_medium("invalid-labels-not-named", shape, "label-parameter-version/invalid-labels",
                          "Does not say which labels are invalid."),
             kLabel, [](const Json&, Json& output) { output.erase("InvalidLabels"); }),
      alters(about_medium("label-in-any-case-aws", relation, "label-parameter-version/invalid-labels",
                          "Takes labels that begin with aws."),
             kLabel,
             [](const Json& input, Json& output) {
               if (input.value("Labels", Json()) == Json::array({"aws-x"})) output.erase("InvalidLabels");
             }),
      accepts(about_medium("label-of-no-version", relation, "label-parameter-version/unknown",
                           "Labels a version that there is not."),
              kLabel, "ParameterVersionNotFound"),
      accepts(about_medium("label-of-no-parameter", relation, "label-parameter-version/unknown",
                           "Labels a parameter that there is not."),
              kLabel, "ParameterNotFound"),
      accepts(about_medium("labels-unlimited", constraint, "label-parameter-version/limit",
                           "Attaches any number of labels."),
              kLabel, "ParameterVersionLabelLimitExceeded"),
      reads(about_medium("unlabel-keeps-them", relation, removes, "Removes no label."), kUnlabel,
            [](Json& input) { input["Labels"] = {"not-there"}; }),
      alters(
          about_medium("unlabel-names-nothing", shape, removes, "Does not say which labels were not there."),
          kUnlabel, [](const Json&, Json& output) { output.erase("InvalidLabels"); }),
  };
}

std::vector<Fault> paths() {
  const std::string path = "get-parameters-by-path/";
  const std::string filters = "describe-parameters/filters/";
  // A filter of DescribeParameters that is read otherwise.
  const auto reads_filters = [&](std::string name, const char* clause, std::string description,
                                 std::function<void(Json & list)> edit) {
    return reads(about_medium(std::move(name), relation, filters + clause, std::move(description)),
                 kDescribeAll, [=](Json& input) {
                   if (input.contains("ParameterFilters") && input["ParameterFilters"].is_array())
                     edit(input["ParameterFilters"]);
                 });
  };
  const auto of_key = [](const char* key, std::function<void(Json&)> edit) {
    return [=](Json& list) {
      for (Json& f : list) {
        if (f.is_object() && f.value("Key", Json()) == key) edit(f);
      }
    };
  };
  return {
      reads(about_medium("path-always-recursive", relation, path + "one-level", "Lists all below a path."),
            kByPath, [](Json& input) { input["Recursive"] = true; }),
      reads(about_medium("path-takes-siblings", relation, path + "one-level",
                         "Takes a path for the beginning of a name."),
            kByPath,
            [](Json& input) {
              // What is directly below "/tree" and "/treex" alike.
              if (text_of(input, "Path").value_or("").find("tree") != std::string::npos &&
                  !input.contains("Recursive"))
                input["Path"] = "/";
            }),
      alters(about_medium("path-finds-nothing", relation, path + "one-level", "Lists nothing by a path."),
             kByPath, [](const Json&, Json& output) { output["Parameters"] = Json::array(); }),
      reads(about_medium("recursive-ignored", relation, path + "recursive", "Does not look at Recursive."),
            kByPath, [](Json& input) { input.erase("Recursive"); }),
      alters(about_medium("path-page-repeats", paging, path + "pages", "Lists the first of a page twice."),
             kByPath,
             [](const Json& input, Json& output) {
               if (Json* all = listed(output);
                   all != nullptr && !all->empty() && input.contains("MaxResults"))
                 all->push_back(all->front());
             }),
      alters(
          about_medium("path-pages-stop", paging, path + "pages", "Gives no token for what a page leaves."),
          kByPath, [](const Json&, Json& output) { output.erase("NextToken"); }),
      reads(about_medium("path-without-slash-accepted", constraint, path + "path",
                         "Puts a slash before a path that has none."),
            kByPath,
            [](Json& input) {
              const std::string text = text_of(input, "Path").value_or("");
              if (!text.empty() && text.front() != '/') input["Path"] = "/" + text;
            }),
      reads(about_medium("path-filters-ignored", constraint, path + "filters", "Does not look at filters."),
            kByPath, [](Json& input) { input.erase("ParameterFilters"); }),
      reads_filters("filter-name-contains", "name", "Takes a name's filter for any part of the name.",
                    of_key("Name", [](Json& f) { f["Option"] = "Contains"; })),
      reads_filters("filter-name-ignores-option", "name", "Takes every filter of names for an equal one.",
                    of_key("Name", [](Json& f) { f.erase("Option"); })),
      reads_filters("filter-path-always-recursive", "path", "Lists all below the path of a filter.",
                    of_key("Path", [](Json& f) { f["Option"] = "Recursive"; })),
      reads_filters("filter-path-one-level", "path",
                    "Lists what is directly below the path of a filter alone.",
                    of_key("Path", [](Json& f) { f.erase("Option"); })),
      reads_filters("first-filter-alone", "narrow", "Heeds the first filter alone.",
                    [](Json& list) {
                      if (list.size() > 1) list = Json::array({list.front()});
                    }),
      reads_filters("last-filter-alone", "narrow", "Heeds the last filter alone.",
                    [](Json& list) {
                      if (list.size() > 1) list = Json::array({list.back()});
                    }),
      reads(about_medium("unknown-filters-ignored", constraint, filters + "wrong",
                         "Does not look at filters that it does not know."),
            kDescribeAll,
            [](Json& input) {
              if (input.contains("ParameterFilters") && input["ParameterFilters"].is_array() &&
                  !input["ParameterFilters"].empty() && input["ParameterFilters"].front().is_object() &&
                  input["ParameterFilters"].front().value("Key", Json()) == "Label")
                input.erase("ParameterFilters");
            }),
      accepts(about_medium("filter-options-ignored", constraint, filters + "wrong",
                           "Does not look at an option that a filter does not have."),
              kDescribeAll, "InvalidFilterOption", Json{{"Parameters", Json::array()}}),
  };
}

}  // namespace

std::vector<Fault> faults() {
  return joined({values(), versions(), types(), names(), labels(), paths()});
}

}  // namespace conformance::ssm::parameters
