#include "conformance/ssm/fault_support.h"

// What successful answers of DescribeDocumentPermission look like: members, types, spelling.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

Fault describe_output(std::string name, const char* clause, std::string description,
                      std::function<void(const Json& input, Json& output)> edit,
                      Difficulty difficulty = easy) {
  return alters({std::move(name), shape, clause_id("describe-document-permission/response/", clause),
                 difficulty, std::move(description)},
                kDescribe, std::move(edit));
}

}  // namespace

std::vector<Fault> faults_outputs() {
  const std::string describe = "describe-document-permission/response/";
  return {
      alters_response(
          {"describe-202", shape, describe + "status", easy, "Answers DescribeDocumentPermission with 202."},
          kDescribe, [](wire::Response& r) { set_status(r, 202); }),
      alters_response(
          {"describe-as-xml", shape, describe + "json", easy, "Answers DescribeDocumentPermission in XML."},
          kDescribe, [](wire::Response& r) { r.body = "<DescribeDocumentPermissionResponse/>"; }),
      describe_output("account-ids-missing", "syntax", "Sends no AccountIds.",
                      [](const Json&, Json& output) { output.erase("AccountIds"); }),
      describe_output("account-ids-missing-if-empty", "describe-document-permission/example/response",
                      "Leaves AccountIds out if it is empty.",
                      [](const Json&, Json& output) {
                        if (output["AccountIds"].empty()) output.erase("AccountIds");
                      }),
      describe_output("account-ids-null-if-empty", "account-ids/type", "Sends null for an empty AccountIds.",
                      [](const Json&, Json& output) {
                        if (output["AccountIds"].empty()) output["AccountIds"] = nullptr;
                      }),
      describe_output("sharing-info-missing", "syntax", "Sends no AccountSharingInfoList.",
                      [](const Json&, Json& output) { output.erase("AccountSharingInfoList"); }),
      describe_output(
          "sharing-info-empty", "account-sharing-info-list/meaning",
          "Always sends an empty AccountSharingInfoList.",
          [](const Json&, Json& output) { output["AccountSharingInfoList"] = Json::array(); }, medium),
      describe_output(
          "sharing-info-of-strings", "account-sharing-info-list/type",
          "Lists account ids in AccountSharingInfoList.",
          [](const Json&, Json& output) { output["AccountSharingInfoList"] = output["AccountIds"]; }, medium),
      describe_output("sharing-info-object", "account-sharing-info-list/type",
                      "Sends AccountSharingInfoList as an object by account id.",
                      [](const Json&, Json& output) {
                        Json all = Json::object();
                        for (const auto& info : output["AccountSharingInfoList"])
                          all[info["AccountId"].get<std::string>()] = info["SharedDocumentVersion"];
                        output["AccountSharingInfoList"] = std::move(all);
                      }),
      describe_output(
          "account-ids-numbers", "account-ids/type", "Sends account ids as numbers.",
          [](const Json&, Json& output) {
            for (Json& id : output["AccountIds"]) {
              if (id != "all") id = std::stoll(id.get<std::string>());
            }
          },
          medium),
      describe_output("account-ids-joined", "account-ids/type", "Sends AccountIds as one string.",
                      [](const Json&, Json& output) {
                        std::string all;
                        for (const Json& id : output["AccountIds"]) all += id.get<std::string>() + ",";
                        output["AccountIds"] = all;
                      }),
      describe_output(
          "shared-version-number", "account-sharing-info-list/type",
          "Sends SharedDocumentVersion as a number.",
          [](const Json&, Json& output) {
            for (Json& info : output["AccountSharingInfoList"]) info["SharedDocumentVersion"] = 1;
          },
          medium),
      describe_output(
          "next-token-number", "next-token/type", "Sends NextToken as a number.",
          [](const Json&, Json& output) {
            if (output.contains("NextToken")) output["NextToken"] = 20;
          },
          medium),
      describe_output(
          "next-token-object", "next-token/type", "Sends NextToken as an object.",
          [](const Json&, Json& output) {
            if (output.contains("NextToken")) output["NextToken"] = Json{{"Offset", 20}};
          },
          medium),
      describe_output("describe-lower-case-members", "syntax", "Writes members with a small first letter.",
                      [](const Json&, Json& output) { lower_members(output); }),
  };
}

}  // namespace conformance::ssm::documents
