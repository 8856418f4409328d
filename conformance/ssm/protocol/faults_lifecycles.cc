#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <utility>

#include "conformance/ssm/fault_support.h"

// What endpoints get wrong between the call that makes something and the one that removes it.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;
using Pointer = Json::json_pointer;

About about(std::string name, FaultClass fault_class, const char* clause, std::string description) {
  return {std::move(name), fault_class, std::string("protocol/lifecycle/") + clause, medium,
          std::move(description)};
}

// It shows in the lives of this kind.
Fault of_kind(const char* kind, Fault f) {
  f.by_model = std::string("*/lifecycle/") + kind + "/*";
  return f;
}

Fault of_life(const char* kind, std::string name, FaultClass fault_class, const char* clause,
              std::string description, std::function<FaultHooks()> make) {
  return of_kind(kind,
                 fault(about(std::move(name), fault_class, clause, std::move(description)), std::move(make)));
}

// The successes of an operation are changed.
Fault tells(const char* kind, const char* operation, std::string name, FaultClass fault_class,
            const char* clause, std::string description,
            std::function<void(const Json& input, Json& output)> edit) {
  return of_kind(kind, alters(about(std::move(name), fault_class, clause, std::move(description)), operation,
                              std::move(edit)));
}

// The inputs of an operation are read otherwise.
Fault reads(const char* kind, const char* operation, std::string name, FaultClass fault_class,
            const char* clause, std::string description, Edit edit) {
  return of_kind(
      kind, harness::reference::reads(about(std::move(name), fault_class, clause, std::move(description)),
                                      operation, std::move(edit)));
}

// A refusal of an operation is none.
Fault accepts(const char* kind, const char* operation, std::string name, const char* clause, const char* code,
              std::string description) {
  return of_kind(kind,
                 harness::reference::accepts(about(std::move(name), relation, clause, std::move(description)),
                                             operation, code));
}

// A removal is answered as if it were done.
Fault keeps(const char* kind, const char* operation, const char* id, std::string name,
            std::string description) {
  return of_life(kind, std::move(name), relation, "removed", std::move(description), [=] {
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view asked, const Json&, Outcome& outcome) {
      if (asked == operation) outcome = Json::object();
    };
    hooks.input = [=](std::string_view asked, Json& input) {
      if (asked == operation && text_of(input, id)) input[id] = "00000000-0000-0000-0000-000000000000";
    };
    return hooks;
  });
}

// Behind a change, only what the change named is shown.
Fault forgets_the_rest(const char* kind, const char* update, const char* read, const char* id,
                       const char* shown_at, std::string name, std::string description) {
  return of_life(kind, std::move(name), relation, "changed", std::move(description), [=] {
    FaultHooks hooks;
    hooks.outcome = [=, changed = std::make_shared<std::map<std::string, Json>>()](
                        std::string_view asked, const Json& input, Outcome& outcome) {
      if (!outcome) return;
      const std::string which = wire::text_member(input, id);
      if (asked == update) changed->insert_or_assign(which, input);
      const auto change = changed->find(which);
      if (asked != read || change == changed->end()) return;
      const Pointer at(shown_at);
      if (outcome->contains(at)) outcome->at(at) = change->second;
    };
    return hooks;
  });
}

// Refused tokens are accepted if those that were issued, by whatever list, say so.
Fault accepts_token(const char* kind, const char* list, std::string name, std::string description,
                    bool (*accepted)(const std::string& token, const std::string& issued)) {
  return of_life(kind, std::move(name), token, "tokens", std::move(description), [=] {
    FaultHooks hooks;
    hooks.outcome = [=, issued = std::make_shared<std::set<std::string>>()](
                        std::string_view asked, const Json& input, Outcome& outcome) {
      if (outcome) {
        if (const auto next = text_of(*outcome, "NextToken")) issued->insert(*next);
      } else if (asked == list && input.is_object()) {
        const auto sent = text_of(input, "NextToken");
        if (sent && std::any_of(issued->begin(), issued->end(),
                                [&](const auto& known) { return accepted(*sent, known); }))
          outcome = Json::object();
      }
    };
    return hooks;
  });
}

bool of_another_list(const std::string& token, const std::string& issued) {
  return token == issued;
}

// One character apart.
bool altered(const std::string& token, const std::string& issued) {
  return token != issued && token.size() == issued.size() &&
         std::inner_product(token.begin(), token.end(), issued.begin(), 0, std::plus<>(),
                            std::not_equal_to<>()) == 1;
}

void erase(Json& output, const char* object, const char* member) {
  const Pointer at(object);
  if (output.contains(at)) output.at(at).erase(member);
}

std::vector<Fault> shown() {
  return {
      tells("ops-item", "GetOpsItem", "getopsitem-forgets-the-priority", shape, "shown",
            "Does not show the priority of an OpsItem.",
            [](const Json&, Json& output) { erase(output, "/OpsItem", "Priority"); }),
      tells("maintenance-window", "GetMaintenanceWindow", "getmaintenancewindow-shows-the-schedule-otherwise",
            shape, "shown", "Writes the schedule of a maintenance window in capitals.",
            [](const Json&, Json& output) {
              if (output.contains("Schedule")) output["Schedule"] = "RATE(7 DAYS)";
            }),
      tells("patch-baseline", "GetPatchBaseline", "getpatchbaseline-forgets-rejected-patches", shape, "shown",
            "Does not show the rejected patches of a baseline.",
            [](const Json&, Json& output) { erase(output, "", "RejectedPatches"); }),
      tells("maintenance-window-task", "GetMaintenanceWindowTask", "getmaintenancewindowtask-forgets-values",
            shape, "shown", "Shows the targets of a task without their values.",
            [](const Json&, Json& output) {
              for (Json& target : output["Targets"]) target["Values"] = Json::array();
            }),
      tells("parameter", "GetParameter", "getparameter-shows-another-type", shape, "shown",
            "Shows every parameter as a StringList.",
            [](const Json&, Json& output) { output["Parameter"]["Type"] = "StringList"; }),
      tells("association", "DescribeAssociation", "describeassociation-forgets-targets", shape, "shown",
            "Does not show the targets of an association.",
            [](const Json&, Json& output) { erase(output, "/AssociationDescription", "Targets"); }),
      tells("ops-metadata", "GetOpsMetadata", "getopsmetadata-shows-none", shape, "shown",
            "Shows no metadata.", [](const Json&, Json& output) { output["Metadata"] = Json::object(); }),
      tells("patch-group", "GetPatchBaselineForPatchGroup", "getpatchbaselineforpatchgroup-names-another",
            relation, "shown", "Names the default baseline for every patch group.",
            [](const Json&, Json& output) { output["BaselineId"] = "pb-0123456789abcdef0"; }),
  };
}

std::vector<Fault> changed() {
  return {
      reads("maintenance-window", "UpdateMaintenanceWindow", "updatemaintenancewindow-ignores-the-duration",
            relation, "changed", "Takes a new duration and keeps the old one.",
            [](Json& input) { input.erase("Duration"); }),
      reads("ops-item", "UpdateOpsItem", "updateopsitem-ignores-the-priority", relation, "changed",
            "Takes a new priority and keeps the old one.", [](Json& input) { input.erase("Priority"); }),
      reads("parameter", "PutParameter", "putparameter-overwrites-nothing", relation, "changed",
            "Answers that it overwrote, and keeps the old value.",
            [](Json& input) {
              if (input.contains("Overwrite")) input["Value"] = "made by ssm-conformance";
            }),
      forgets_the_rest("ops-item", "UpdateOpsItem", "GetOpsItem", "OpsItemId", "/OpsItem",
                       "updateopsitem-forgets-the-rest", "An update empties what it does not name."),
      forgets_the_rest("patch-baseline", "UpdatePatchBaseline", "GetPatchBaseline", "BaselineId", "",
                       "updatepatchbaseline-forgets-the-rest", "An update empties what it does not name."),
      reads("ops-metadata", "UpdateOpsMetadata", "updateopsmetadata-adds-nothing", relation, "changed",
            "Answers that it added metadata, and does not.",
            [](Json& input) { input.erase("MetadataToUpdate"); }),
      forgets_the_rest("maintenance-window", "UpdateMaintenanceWindow", "GetMaintenanceWindow", "WindowId",
                       "", "updatemaintenancewindow-replaces",
                       "An update replaces the window without being told to."),
  };
}

std::vector<Fault> listed() {
  return {
      tells("maintenance-window", "DescribeMaintenanceWindows", "describemaintenancewindows-lists-none",
            paging, "listed", "Lists nothing.",
            [](const Json&, Json& output) {
              output["WindowIdentities"] = Json::array();
              output.erase("NextToken");
            }),
      tells("ops-item", "DescribeOpsItems", "describeopsitems-lists-twice", paging, "listed",
            "Lists each OpsItem twice.",
            [](const Json&, Json& output) {
              const Json once = output["OpsItemSummaries"];
              for (const Json& item : once) output["OpsItemSummaries"].push_back(item);
            }),
      tells("activation", "DescribeActivations", "describeactivations-lists-one", paging, "listed",
            "Lists one activation, and gives no token for the others.",
            [](const Json&, Json& output) {
              Json& all = output["ActivationList"];
              if (all.size() > 1) all = Json::array({all.front()});
              output.erase("NextToken");
            }),
      tells("patch-group", "DescribePatchGroups", "describepatchgroups-pages-hold-more", paging, "listed",
            "Shows one more on a page than asked for.",
            [](const Json& input, Json& output) {
              if (input.contains("MaxResults") && !output["Mappings"].empty())
                output["Mappings"].push_back(output["Mappings"].front());
            }),
      reads("resource-data-sync", "ListResourceDataSync", "listresourcedatasync-ignores-max-results", paging,
            "listed", "Shows all on one page, however few are asked for.",
            [](Json& input) { input.erase("MaxResults"); }),
      of_life("ops-metadata", "listopsmetadata-never-ends", paging, "listed",
              "Gives the first page's token again.",
              [] {
                FaultHooks hooks;
                hooks.input = [](std::string_view asked, Json& input) {
                  if (asked == "ListOpsMetadata") input.erase("NextToken");
                };
                hooks.outcome = [](std::string_view asked, const Json&, Outcome& outcome) {
                  if (asked == "ListOpsMetadata" && outcome) (*outcome)["NextToken"] = "again";
                };
                return hooks;
              }),
      tells("parameter", "DescribeParameters", "describeparameters-lists-twice", paging, "listed",
            "Lists each parameter twice.",
            [](const Json&, Json& output) {
              const Json once = output["Parameters"];
              for (const Json& item : once) output["Parameters"].push_back(item);
            }),
      reads("patch-baseline", "DescribePatchBaselines", "describepatchbaselines-ignores-max-results", paging,
            "listed", "Shows all on one page, however few are asked for.",
            [](Json& input) { input.erase("MaxResults"); }),
      tells("association", "ListAssociations", "listassociations-without-ids", paging, "listed",
            "Lists associations without their ids.",
            [](const Json&, Json& output) {
              for (Json& item : output["Associations"]) item.erase("AssociationId");
            }),
      tells("maintenance-window-task", "DescribeMaintenanceWindowTasks", "describetasks-of-no-window", paging,
            "listed", "Lists no task of any window.",
            [](const Json&, Json& output) { output["Tasks"] = Json::array(); }),
      tells("maintenance-window-target", "DescribeMaintenanceWindowTargets", "describetargets-of-no-window",
            paging, "listed", "Lists no target of any window.",
            [](const Json&, Json& output) { output["Targets"] = Json::array(); }),
  };
}

std::vector<Fault> tokens() {
  return {
      accepts_token("parameter", "DescribeParameters", "describeparameters-takes-tokens-of-other-lists",
                    "Answers the token of another list with an empty page.", of_another_list),
      accepts_token("activation", "DescribeActivations", "describeactivations-takes-tokens-of-other-lists",
                    "Answers the token of another list with an empty page.", of_another_list),
      accepts_token("association", "ListAssociations", "listassociations-takes-altered-tokens",
                    "Does not notice that one character of a token was changed.", altered),
      accepts_token("resource-data-sync", "ListResourceDataSync", "listresourcedatasync-takes-altered-tokens",
                    "Does not notice that one character of a token was changed.", altered),
  };
}

std::vector<Fault> removed() {
  return {
      reads("ops-item", "DeleteOpsItem", "deleteopsitem-keeps-it", relation, "removed",
            "Answers that an OpsItem is deleted, and keeps it.",
            [](Json& input) { input["OpsItemId"] = "oi-000000000000"; }),
      reads("maintenance-window", "DeleteMaintenanceWindow", "deletemaintenancewindow-keeps-it", relation,
            "removed", "Answers that a maintenance window is deleted, and keeps it.",
            [](Json& input) { input["WindowId"] = "mw-00000000000000000"; }),
      keeps("activation", "DeleteActivation", "ActivationId", "deleteactivation-keeps-it",
            "Answers that an activation is deleted, and keeps it."),
      keeps("association", "DeleteAssociation", "AssociationId", "deleteassociation-keeps-it",
            "Answers that an association is deleted, and keeps it."),
      keeps("patch-baseline", "DeletePatchBaseline", "BaselineId", "deletepatchbaseline-keeps-it",
            "Answers that a patch baseline is deleted, and keeps it."),
      keeps("parameter", "DeleteParameter", "Name", "deleteparameter-keeps-it",
            "Answers that a parameter is deleted, and keeps it."),
      keeps("resource-data-sync", "DeleteResourceDataSync", "SyncName", "deleteresourcedatasync-keeps-it",
            "Answers that a resource data sync is deleted, and keeps it."),
      keeps("patch-group", "DeregisterPatchBaselineForPatchGroup", "PatchGroup",
            "deregisterpatchgroup-keeps-it",
            "Answers that a patch group has no baseline any more, and keeps it."),
      keeps("maintenance-window-target", "DeregisterTargetFromMaintenanceWindow", "WindowTargetId",
            "deregistertarget-keeps-it", "Answers that a target is gone from its window, and keeps it."),
      keeps("maintenance-window-task", "DeregisterTaskFromMaintenanceWindow", "WindowTaskId",
            "deregistertask-keeps-it", "Answers that a task is gone from its window, and keeps it."),
      accepts("association", "DeleteAssociation", "deleteassociation-of-what-is-gone", "removed",
              "AssociationDoesNotExist", "Deletes an association that does not exist."),
      accepts("ops-metadata", "DeleteOpsMetadata", "deleteopsmetadata-of-what-is-gone", "removed",
              "OpsMetadataNotFoundException", "Deletes OpsMetadata that do not exist."),
      accepts("maintenance-window-task", "UpdateMaintenanceWindowTask",
              "updatemaintenancewindowtask-of-what-is-gone", "absent", "DoesNotExistException",
              "Changes a task that its window does not have."),
      accepts("ops-item", "GetOpsItem", "getopsitem-of-what-is-gone", "removed", "OpsItemNotFoundException",
              "Shows an OpsItem that does not exist as an empty one."),
      accepts("activation", "DeleteActivation", "deleteactivation-of-what-is-gone", "removed",
              "InvalidActivation", "Deletes an activation that does not exist."),
      accepts("resource-data-sync", "DeleteResourceDataSync", "deleteresourcedatasync-of-what-is-gone",
              "removed", "ResourceDataSyncNotFoundException",
              "Deletes a resource data sync that does not exist."),
      accepts("parameter", "DeleteParameter", "deleteparameter-of-what-is-gone", "removed",
              "ParameterNotFound", "Deletes a parameter that does not exist."),
      accepts("maintenance-window", "UpdateMaintenanceWindow", "updatemaintenancewindow-of-what-is-gone",
              "absent", "DoesNotExistException", "Changes a maintenance window that does not exist."),
      accepts("ops-metadata", "UpdateOpsMetadata", "updateopsmetadata-of-what-is-gone", "absent",
              "OpsMetadataNotFoundException", "Changes OpsMetadata that do not exist."),
      accepts("patch-baseline", "UpdatePatchBaseline", "updatepatchbaseline-of-what-is-gone", "absent",
              "DoesNotExistException", "Changes a patch baseline that does not exist."),
  };
}

std::vector<Fault> names() {
  return {
      accepts("ops-metadata", "CreateOpsMetadata", "createopsmetadata-twice", "taken",
              "OpsMetadataAlreadyExistsException", "Makes OpsMetadata of a resource that has some."),
      accepts("resource-data-sync", "CreateResourceDataSync", "createresourcedatasync-twice", "taken",
              "ResourceDataSyncAlreadyExistsException",
              "Makes a resource data sync of a name that is taken."),
      reads("parameter", "PutParameter", "putparameter-always-overwrites", relation, "taken",
            "Overwrites a parameter without being told to.", [](Json& input) { input["Overwrite"] = true; }),
  };
}

std::vector<Fault> tags() {
  const auto of = [](const char* type, std::function<void(Json&)> edit) {
    return [=](Json& input) {
      if (input.contains("ResourceType") && input["ResourceType"] == type) edit(input);
    };
  };
  return {
      reads("parameter", "AddTagsToResource", "addtagstoresource-takes-one-key", relation, "tags",
            "Keeps all tags of a parameter under one key.",
            of("Parameter",
               [](Json& input) {
                 for (Json& tag : input["Tags"]) tag["Key"] = "Name";
               })),
      reads("maintenance-window", "RemoveTagsFromResource", "removetagsfromresource-keeps-them", relation,
            "tags", "Takes no tag from a maintenance window.",
            of("MaintenanceWindow", [](Json& input) { input["TagKeys"] = Json::array({"none"}); })),
      reads("patch-baseline", "RemoveTagsFromResource", "removetagsfromresource-takes-all", relation, "tags",
            "Takes all tags from a patch baseline.",
            of("PatchBaseline",
               [](Json& input) {
                 const Json keys = input["TagKeys"];
                 for (const Json& key : keys) input["TagKeys"].push_back(key.get<std::string>() + "-kept");
               })),
      tells("ops-item", "ListTagsForResource", "listtagsforresource-lists-none", relation, "tags",
            "Lists no tags of an OpsItem.",
            [](const Json& input, Json& output) {
              if (input["ResourceType"] == "OpsItem") output["TagList"] = Json::array();
            }),
  };
}

}  // namespace

std::vector<Fault> faults_lifecycles() {
  return joined({shown(), changed(), listed(), tokens(), removed(), names(), tags()});
}

}  // namespace conformance::ssm::protocol
