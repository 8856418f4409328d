#include "harness/reference/faults/catalogue.h"
#include "harness/reference/faults/kit.h"

// What successful answers look like: members, types, spelling.
namespace harness::reference {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

Fault status_output(std::string name, const char* clause, std::string description,
                    std::function<void(const Json& input, Json& output)> edit, Difficulty difficulty = easy) {
  return alters({std::move(name), shape, std::string("get-connection-status/response/") + clause, difficulty,
                 std::move(description)},
                kStatus, std::move(edit));
}

Fault describe_output(std::string name, const char* clause, std::string description,
                      std::function<void(const Json& input, Json& output)> edit,
                      Difficulty difficulty = easy) {
  return alters({std::move(name), shape, clause_id("describe-document-permission/response/", clause),
                 difficulty, std::move(description)},
                kDescribe, std::move(edit));
}

/// Successful responses to one of the judged operations are changed as bytes.
Fault success_response(std::string name, std::string clause, Difficulty difficulty, std::string description,
                       std::string_view operation, std::function<void(wire::Response&)> edit) {
  return fault({std::move(name), shape, std::move(clause), difficulty, std::move(description)}, [=] {
    FaultHooks hooks;
    hooks.response = [=](const wire::Request& request, std::uint64_t, wire::Response& response) {
      if (response.status == 200 && operation_of(request) == operation) edit(response);
    };
    return hooks;
  });
}

std::string lower_first(const std::string& name) {
  return std::string(1, static_cast<char>(name[0] | 0x20)) + name.substr(1);
}

void lower_members(Json& output) {
  Json other = Json::object();
  for (const auto& [name, value] : output.items()) other[lower_first(name)] = value;
  output = std::move(other);
}

void set_status(wire::Response& response, int status) {
  response.status = status;
  response.reason = reason_phrase(status);
}

}  // namespace

std::vector<Fault> output_faults() {
  const std::string status = "get-connection-status/response/";
  const std::string describe = "describe-document-permission/response/";
  return {
      status_output("status-capitalised", "status/valid-values", "Writes Connected and NotConnected.",
                    [](const Json&, Json& output) {
                      output["Status"] = output["Status"] == "connected" ? "Connected" : "NotConnected";
                    }),
      status_output("status-upper-case", "status/valid-values", "Writes CONNECTED and NOTCONNECTED.",
                    [](const Json&, Json& output) {
                      output["Status"] = output["Status"] == "connected" ? "CONNECTED" : "NOTCONNECTED";
                    }),
      status_output("status-hyphenated", "status/valid-values", "Writes not-connected.",
                    [](const Json&, Json& output) {
                      if (output["Status"] == "notconnected") output["Status"] = "not-connected";
                    }),
      status_output(
          "status-online", "status/valid-values", "Writes Online for connected.",
          [](const Json&, Json& output) {
            if (output["Status"] == "connected") output["Status"] = "Online";
          },
          hard),
      status_output("status-boolean", "status/type", "Sends true and false as Status.",
                    [](const Json&, Json& output) { output["Status"] = output["Status"] == "connected"; }),
      status_output("status-missing", "syntax", "Sends no Status.",
                    [](const Json&, Json& output) { output.erase("Status"); }),
      status_output("status-null", "status/type", "Sends null as Status.",
                    [](const Json&, Json& output) { output["Status"] = nullptr; }),
      status_output("target-missing", "syntax", "Sends no Target.",
                    [](const Json&, Json& output) { output.erase("Target"); }),
      status_output("target-list", "target/type", "Sends Target as a list.",
                    [](const Json&, Json& output) { output["Target"] = Json::array({output["Target"]}); }),
      status_output("status-in-result", "syntax", "Puts the answer into a member GetConnectionStatusResult.",
                    [](const Json&, Json& output) {
                      output = Json{{"GetConnectionStatusResult", Json(output)}};
                    }),
      status_output("status-lower-case-members", "syntax", "Writes members with a small first letter.",
                    [](const Json&, Json& output) { lower_members(output); }),
      success_response("status-201", status + "status-code", easy, "Answers GetConnectionStatus with 201.",
                       kStatus, [](wire::Response& r) { set_status(r, 201); }),
      success_response("status-204", status + "status-code", easy,
                       "Answers GetConnectionStatus with 204 and no body.", kStatus,
                       [](wire::Response& r) {
                         set_status(r, 204);
                         r.body.clear();
                       }),
      success_response("status-redirect", status + "status-code", easy, "Redirects to the same place.",
                       kStatus,
                       [](wire::Response& r) {
                         set_status(r, 307);
                         r.headers.set("Location", "/");
                       }),
      success_response("status-not-json", status + "json", easy, "Answers Status and Target as a form.",
                       kStatus, [](wire::Response& r) { r.body = "Status=connected&Target=i-0"; }),
      success_response("status-in-list", status + "json", easy, "Puts the answer into a list.", kStatus,
                       [](wire::Response& r) { r.body = "[" + r.body + "]"; }),
      success_response("status-empty-body", status + "json", easy, "Answers without a body.", kStatus,
                       [](wire::Response& r) { r.body.clear(); }),
      success_response("status-trailing-comma", status + "json", medium,
                       "Writes a comma before the last brace.", kStatus,
                       [](wire::Response& r) { r.body.insert(r.body.size() - 1, ","); }),
      success_response("status-two-objects", status + "json", medium, "Sends the answer twice in one body.",
                       kStatus, [](wire::Response& r) { r.body += std::string(r.body); }),
      success_response("status-member-twice", status + "status/meaning", hard,
                       "Sends Status twice in one object.", kStatus,
                       [](wire::Response& r) { r.body.insert(1, R"("Status":"notconnected",)"); }),
      success_response("status-latin-1", status + "json", medium, "Adds text that is not UTF-8.", kStatus,
                       [](wire::Response& r) { r.body.insert(1, "\"Note\":\"caf\xe9\","); }),
      success_response("describe-202", describe + "status", easy,
                       "Answers DescribeDocumentPermission with 202.", kDescribe,
                       [](wire::Response& r) { set_status(r, 202); }),
      success_response("describe-as-xml", describe + "json", easy,
                       "Answers DescribeDocumentPermission in XML.", kDescribe,
                       [](wire::Response& r) { r.body = "<DescribeDocumentPermissionResponse/>"; }),
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

}  // namespace harness::reference
