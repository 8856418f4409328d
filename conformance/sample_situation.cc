#include "conformance/sample_situation.h"

#include "conformance/ssm/resources.h"
#include "conformance/ssm/rules.h"
#include "harness/run/documents.h"
#include "harness/run/plan.h"

namespace conformance {

using ssm::kAccounts;
using ssm::kDocument;
using ssm::kNode;

harness::run::Situation sample_situation(const CaseData& data) {
  namespace run = harness::run;
  run::Situation s;
  s.model = &data.model;
  s.rules = &ssm::rules();
  const harness::wire::Credentials credentials{"AKIDEXAMPLE", "example-secret", ""};
  const harness::wire::SigningScope scope{"us-east-1", data.model.identity().signing_name};
  s.composer = run::Composer("127.0.0.1:4566", run::Signing{credentials, scope});
  s.url = "http://127.0.0.1:4566";
  const std::string prefix = "ssmc-0123456789-";
  s.knowledge.absent_prefix = prefix;
  s.knowledge.authentication = {credentials, scope};
  const auto document = [&](const char* placeholder, const char* purpose, std::size_t accounts) {
    const std::string name = prefix + purpose;
    const auto ids = run::account_ids(accounts);
    s.bindings.set(placeholder, name);
    s.knowledge.of(kDocument)[name] = {
        .exists = true, .ours = true, .holds = {{kAccounts, {ids.begin(), ids.end()}}}};
    return name;
  };
  document("document", "document-1", 0);
  document("other-document", "other-2", 0);
  document("scratch-document", "scratch-5", 0);
  s.bindings.set("new-document", prefix + "new-6");
  const auto shared = document("shared-document", "shared-3", 45);
  const auto other = document("other-shared-document", "othershared-4", 45);
  const auto token = [&](const char* placeholder, const char* value, const std::string& of) {
    s.bindings.set(placeholder, value);
    s.knowledge.tokens[value] = of;
  };
  token("token", "AAAAexampletoken", shared);
  token("other-token", "BBBBexampletoken", other);
  s.bindings.set("changed-token", "AAAAexamplfitoken");
  s.bindings.set("prefix", prefix);
  s.bindings.set("absent-document", prefix + "absent");
  s.bindings.set("node", "i-0123456789abcdef0");
  s.knowledge.of(kNode)["i-0123456789abcdef0"].exists = false;
  s.bindings.set("example-node", "i-02573cafcfEXAMPLE");
  s.bindings.set("connected-node", "i-02573cafcfEXAMPLE");
  s.knowledge.of(kNode)["i-02573cafcfEXAMPLE"].exists = true;
  s.bindings.set("region", scope.region);
  s.bindings.set("access-key", credentials.access_key_id);
  s.bindings.set("protocol-operation", data.examples.begin()->first);
  run::bind_protocol_body(s, data.examples);
  return s;
}

}  // namespace conformance
