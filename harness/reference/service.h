#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/reference/dialect.h"
#include "harness/reference/fault.h"
#include "harness/reference/operations.h"
#include "harness/reference/typed.h"
#include "harness/wire/message.h"
#include "harness/wire/sigv4.h"

/// The engine of a reference endpoint: a service of AWS as its documentation has it, as a server. What its
/// operations do comes from a pack, as a ServiceDefinition; HTTP, JSON, signatures and the constraints of the
/// model are the engine's. It uses nothing of the oracle but the model.
namespace harness::reference {

struct ServiceOptions {
  /// Requests are answered under this path alone ("/aws": at /aws and /aws/), as behind an ingress.
  std::string base_path;
  std::string region = "us-east-1";
  /// With credentials, every request must carry a valid signature by one of them; without, signatures are
  /// ignored.
  std::vector<wire::Credentials> credentials;
  /// What exists from the start, by types of the families.
  Typed initial;
  Dialect dialect;
  FaultHooks fault;  ///< of a planted fault; without any hook: none
  std::size_t max_body_bytes = 4 * 1024 * 1024;
  /// The clock that signatures are checked against.
  std::function<std::chrono::system_clock::time_point()> now = [] {
    return std::chrono::system_clock::now();
  };
};

/// The service without its transport: one request in, one response out. Thread-safe.
///
/// Responses carry `x-amzn-RequestId`, `Content-Type` and, for errors, `X-Amzn-Errortype`, as the dialect has
/// it. What belongs to the connection (Content-Length or Transfer-Encoding, Connection, Date) is the
/// transport's to add.
class Service {
 public:
  /// Operations that `model` does not have do not exist. It must outlive the service.
  Service(const model::Model& model, const ServiceDefinition& definition, ServiceOptions options);
  ~Service();

  /// Answers any request that HTTP can frame. Check order as AWS: method, body parses, target,
  /// authentication, types, constraints (all of them reported together), then the operation. (Before the
  /// body, also the path and the content type, which are the reference's own choice: nothing specifies them.)
  /// The answer to HEAD has no body. `connection` tells connections apart: for planted faults only.
  wire::Response handle(const wire::Request& request, std::uint64_t connection = 0);

  /// The answer to a request that did not get as far as handle(): bytes that are not HTTP, a body beyond the
  /// limit, a request that did not end in time. The error's envelope is like any other's.
  wire::Response refuse(int status, std::string_view code, std::string_view message);

  /// How the response to this request goes out, by the planted fault.
  Delivery delivery(const wire::Request& request, const wire::Response& response) const;

  /// False if a planted fault waits for bodies that it was to ask for (`Expect: 100-continue`).
  bool asks_for_bodies() const;

  /// Names of the resources of this kind that exist now, sorted: for tests that nothing is left behind.
  std::vector<std::string> resources(std::string_view kind) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace harness::reference
