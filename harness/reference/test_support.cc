#include "harness/reference/test_support.h"

#include "harness/model/built_in_for_test.h"

namespace harness::reference::testing {

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

Reply read(wire::Response response) {
  Reply reply;
  reply.status = response.status;
  if (auto body = wire::parse_json(response.body)) {
    reply.body = std::move(body->value);
    if (reply.body.is_object() && reply.body.contains("__type")) reply.code = reply.body["__type"];
  }
  reply.response = std::move(response);
  return reply;
}

Reply call(Service& service, const wire::Request& request) {
  return read(service.handle(request));
}

Reply call(Service& service, std::string_view operation, std::string_view body) {
  return call(service, request_for(operation, std::string(body)));
}

Reply call(Service& service, std::string_view operation, const Json& body) {
  return call(service, operation, body.dump());
}

}  // namespace harness::reference::testing
