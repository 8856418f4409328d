#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// "100000000007" for 7: a different account for each number, in the order of the numbers.
std::string account(int number);

void create(Service& service, const std::string& name);
/// Shares the document with accounts 0 to count - 1, as many calls as that takes.
void share(Service& service, const std::string& name, int count);
/// The accounts on every page, following NextToken to its end.
std::vector<std::vector<std::string>> pages(Service& service, const std::string& name, int max_results);

}  // namespace harness::reference::testing
