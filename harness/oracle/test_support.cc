#include "harness/oracle/test_support.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "conformance/ssm/resources.h"
#include "conformance/ssm/rules.h"
#include "harness/model/built_in_for_test.h"

namespace harness::oracle::testing_support {

using conformance::ssm::kAccounts;
using conformance::ssm::kDocument;
using conformance::ssm::kNode;
using wire::Json;

const model::Model& built_in_model() {
  return model::testing_support::built_in_model();
}

wire::Request request_for(std::string_view operation, std::string body) {
  wire::Request request;
  request.headers = {{"Host", "ssm.example"},
                     {"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", "AmazonSSM." + std::string(operation)},
                     {"Content-Length", std::to_string(body.size())}};
  request.body = std::move(body);
  return request;
}

std::string post(std::string_view operation, std::string body) {
  return wire::to_bytes(request_for(operation, std::move(body)));
}

std::string times(std::size_t n, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += text;
  return out;
}

namespace {

Resource ours(std::set<std::string> accounts) {
  return {.exists = true, .ours = true, .holds = {{kAccounts, std::move(accounts)}}};
}

}  // namespace

Knowledge world() {
  Knowledge k;
  k.other_operations = {"ListThings"};
  k.of(kDocument)["ours"] = ours({});
  k.of(kDocument)["shared"] = ours({"111122223333", "444455556666"});
  k.of(kDocument)["public"] = ours({"all"});
  k.of(kDocument)["other"] = {};
  k.of(kDocument)["gone"].exists = false;
  k.absent_prefix = "run-";
  k.of(kNode)["i-up"].exists = true;
  k.of(kNode)["i-down"].exists = false;
  k.tokens = {{"T-shared", "shared"}};
  k.knows_all_tokens = true;
  return k;
}

wire::Credentials credentials() {
  return {"AKIDEXAMPLE", "a-secret", ""};
}

Knowledge signed_world() {
  Knowledge k = world();
  k.authentication = Knowledge::Authentication{credentials(), {"us-east-1", "ssm"}};
  return k;
}

std::string signed_bytes(wire::Request request, const wire::Credentials& credentials, std::string region,
                         int later, std::string service) {
  wire::Signer(credentials, {std::move(region), std::move(service)})
      .sign(request, kNow + std::chrono::seconds(later));
  return wire::to_bytes(request);
}

Classification classified(std::string_view bytes, const Knowledge& knowledge) {
  return classify(built_in_model(), conformance::ssm::rules(), bytes, knowledge, kNow);
}

wire::Exchange answer(int status, std::string body) {
  wire::Exchange e;
  e.transport = wire::Transport::answered;
  e.response.status = status;
  e.response.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"x-amzn-RequestId", "1"}};
  e.response.body = std::move(body);
  return e;
}

wire::Exchange error(int status, std::string_view code) {
  return answer(status, fmt::format(R"({{"__type":"{}","message":"no"}})", code));
}

wire::Exchange success(const Classification& request) {
  if (request.operation != nullptr && request.operation->name == "GetConnectionStatus") {
    Json body = {{"Target", "x"}, {"Status", "notconnected"}};
    if (request.input.is_object() && request.input.contains("Target"))
      body["Target"] = request.input["Target"];
    if (body["Target"] == "i-up") body["Status"] = "connected";
    return answer(200, wire::to_text(body));
  }
  if (request.operation != nullptr && request.operation->name == "DescribeDocumentPermission") {
    return answer(200, R"({"AccountIds":[],"AccountSharingInfoList":[]})");
  }
  return answer(200, "{}");
}

wire::Exchange unanswered(wire::Transport transport) {
  wire::Exchange e;
  e.transport = transport;
  return e;
}

std::vector<Finding> judged(std::string_view bytes, const wire::Exchange& exchange,
                            const Knowledge& knowledge, Level level) {
  const auto request = classified(bytes, knowledge);
  return judge(request, admissible(request, level), exchange, knowledge);
}

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> out;
  for (const auto& f : findings) out.push_back(fmt::format("{} {}", to_string(f.severity), f.rule));
  return out;
}

}  // namespace harness::oracle::testing_support
