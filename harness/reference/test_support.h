#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "harness/model/model.h"
#include "harness/reference/service.h"
#include "harness/wire/json.h"
#include "harness/wire/message.h"

/// What the tests of this folder share: the built-in model, and requests to a Service in this process.
namespace harness::reference::testing {

using wire::Json;

/// The built-in model, loaded once.
const model::Model& built_in_model();

/// A well-formed request for an operation ("DescribeDocumentPermission") with this body, unsigned.
wire::Request request_for(std::string_view operation, std::string body);

/// A response with its body read.
struct Reply {
  int status = 0;
  Json body;
  std::string code;  ///< of an error; "" if there is none
  wire::Response response;

  bool ok() const { return status == 200 && code.empty(); }
};
Reply read(wire::Response response);

Reply call(Service& service, const wire::Request& request);
Reply call(Service& service, std::string_view operation, std::string_view body);
inline Reply call(Service& service, std::string_view operation, const char* body) {
  return call(service, operation, std::string_view(body));
}
inline Reply call(Service& service, std::string_view operation, const std::string& body) {
  return call(service, operation, std::string_view(body));
}
Reply call(Service& service, std::string_view operation, const Json& body);

}  // namespace harness::reference::testing
