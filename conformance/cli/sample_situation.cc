#include "conformance/cli/sample_situation.h"

#include "conformance/cli/target.h"
#include "conformance/ssm/resources.h"
#include "harness/run/fixtures.h"
#include "harness/run/plan.h"

namespace conformance {

harness::run::Situation sample_situation(const CaseData& data) {
  namespace run = harness::run;
  run::Situation s;
  s.pack = data.pack();
  const harness::wire::Credentials credentials{"AKIDEXAMPLE", "example-secret", ""};
  const harness::wire::SigningScope scope{"us-east-1", data.model.identity().signing_name};
  s.composer = run::Composer("127.0.0.1:4566", run::Signing{credentials, scope});
  s.url = "http://127.0.0.1:4566";
  run::ResourceRegistry registry("ssmc-0123456789-");
  run::bind_without_endpoint(s, registry.prefix());
  s.knowledge.authentication = {credentials, scope};
  run::bind_samples(s, registry, {{ssm::kNode, kReferenceNode}});
  s.bindings.set("protocol-operation", data.examples.begin()->first);
  run::bind_protocol_body(s);
  return s;
}

}  // namespace conformance
