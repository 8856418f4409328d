#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "harness/model/model.h"
#include "harness/oracle/knowledge.h"
#include "harness/reference/dialect.h"
#include "harness/reference/fault.h"
#include "harness/reference/service.h"
#include "harness/run/compose.h"
#include "harness/run/example.h"
#include "harness/wire/message.h"

/// The reference endpoint in this process, without a socket and without a clock: what the targets judge.
namespace fuzzers {

/// The built-in model.
const harness::model::Model& built_in_model();

/// Its examples: values that are preferred.
const harness::run::Examples& built_in_examples();

/// One endpoint in one dialect, with everything that the corpus' placeholders name: documents that are there
/// (two of them shared with 45 accounts), tokens, nodes, credentials. Signatures are verified.
///
/// A request that changes something leaves it changed: whoever sends one makes the endpoint anew before the
/// next input, so that what an input finds does not depend on those before it.
class InProcessEndpoint {
 public:
  /// A planted fault sleeps until everything is there. Sharing is most of what making an endpoint costs;
  /// without it, nothing is bound to the placeholders of shared documents and tokens.
  explicit InProcessEndpoint(const harness::reference::Dialect& dialect,
                             harness::reference::FaultHooks fault = {}, bool with_shares = true);

  /// What a client would get for these bytes: an answer, or `closed` where the endpoint would close without
  /// one. Bytes that stop short of a request are answered as if the client had stopped sending.
  harness::wire::Exchange exchange(std::string_view bytes);

  const harness::run::Bindings& bindings() const { return bindings_; }
  const harness::run::Composer& composer() const { return composer_; }
  const harness::oracle::Knowledge& knowledge() const { return knowledge_; }

 private:
  harness::wire::Exchange call(std::string_view operation, const std::string& body);
  void add_document(const std::string& placeholder, std::string_view purpose);
  void share_documents();
  void share(const std::string& placeholder, const std::string& token);

  harness::run::Composer composer_;
  harness::run::Bindings bindings_;
  harness::oracle::Knowledge knowledge_;
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
