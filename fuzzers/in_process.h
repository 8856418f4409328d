#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "conformance/cli/case_data.h"
#include "harness/oracle/knowledge.h"
#include "harness/reference/dialect.h"
#include "harness/reference/fault.h"
#include "harness/reference/service.h"
#include "harness/run/fixtures.h"
#include "harness/run/situation.h"
#include "harness/wire/message.h"

/// The reference endpoint in this process, without a socket and without a clock: what the targets judge.
namespace fuzzers {

/// What is built in.
const conformance::CaseData& built_in();

/// One endpoint in one dialect, with everything that the corpus' placeholders name. Signatures are verified.
///
/// A request that changes something leaves it changed: whoever sends one makes the endpoint anew before the
/// next input, so that what an input finds does not depend on those before it.
class InProcessEndpoint {
 public:
  /// A planted fault sleeps until everything is there. What holds something is most of what making an
  /// endpoint costs; without `with_holders`, neither it nor its tokens are bound.
  explicit InProcessEndpoint(const harness::reference::Dialect& dialect,
                             harness::reference::FaultHooks fault = {}, bool with_holders = true);

  /// What a client would get for these bytes: an answer, or `closed` where the endpoint would close without
  /// one. Bytes that stop short of a request are answered as if the client had stopped sending.
  harness::wire::Exchange exchange(std::string_view bytes);

  const harness::run::Situation& situation() const { return situation_; }
  const harness::run::Bindings& bindings() const { return situation_.bindings; }
  const harness::run::Composer& composer() const { return situation_.composer; }
  const harness::oracle::Knowledge& knowledge() const { return situation_.knowledge; }

 private:
  void make_resources(const harness::run::Given& given, bool with_holders);

  harness::run::Situation situation_;
  std::shared_ptr<bool> fault_wakes_;
  std::unique_ptr<harness::reference::Service> service_;
};

/// The signatures of the defects that the endpoint shows with this HTTP text, at level `documented`. None for
/// what is no HTTP text, or has a placeholder that is not bound.
std::set<std::string> signatures_of(InProcessEndpoint& endpoint, std::string_view http_text);

/// Endpoints by dialect ("" is the plain one), made when they are first asked for.
class Endpoints {
 public:
  /// The plain one for a name that is no dialect's, and for dialects that lack operations: what such an
  /// endpoint may answer depends on what a run found out before.
  InProcessEndpoint& in(std::string_view dialect);
  /// Forgets this one's state: it is made anew when it is asked for again.
  void renew(std::string_view dialect);

 private:
  std::map<std::string, std::unique_ptr<InProcessEndpoint>, std::less<>> by_name_;
};

}  // namespace fuzzers
