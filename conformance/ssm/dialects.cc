#include <algorithm>
#include <utility>

#include "conformance/ssm/documents/reference.h"
#include "conformance/ssm/nodes/reference.h"
#include "conformance/ssm/reference.h"

namespace conformance::ssm {

using harness::reference::Dialect;
using harness::reference::NamedDialect;

namespace {

/// A dialect that differs from the plain one in what `change` sets.
template <class Change>
NamedDialect named(std::string_view name, std::string_view description, Change change) {
  NamedDialect result{name, description, {}};
  change(result.dialect);
  return result;
}

std::vector<NamedDialect> all() {
  std::vector<NamedDialect> list;
  const auto add = [&list](auto&&... arguments) {
    list.push_back(named(std::forward<decltype(arguments)>(arguments)...));
  };

  add("close-after-response", "Closes the connection after every response, and says so.",
      [](Dialect& d) { d.close_after_response = true; });
  add("chunked", "Sends response bodies in chunked transfer coding.", [](Dialect& d) { d.chunked = true; });
  add("slow-30ms", "Answers every request 30 ms late.",
      [](Dialect& d) { d.delay = std::chrono::milliseconds(30); });
  add("throttles-every-7th", "Answers every 7th request with ThrottlingException.",
      [](Dialect& d) { d.throttle_every = 7; });
  add("gateway-throttles", "Answers every 5th request with 429, Retry-After and HTML.", [](Dialect& d) {
    d.throttle_every = 5;
    d.throttle_by_gateway = 0;
  });
  add("gateway-asks-for-a-second", "Answers every 401st request with 429 and Retry-After: 1.",
      [](Dialect& d) {
        d.throttle_every = 401;
        d.throttle_by_gateway = 1;
      });
  add("closes-every-101st", "Closes the connection after every 101st request, and says so.",
      [](Dialect& d) { d.close_every = 101; });
  add("no-expectations", "Answers 417 to Expect: 100-continue instead of asking for the body.",
      [](Dialect& d) { d.no_expectations = true; });
  add("pages-by-10", "Never puts more than 10 accounts on a page.", [](Dialect& d) { d.page_limit = 10; });
  add("pages-by-20", "Never puts more than 20 accounts on a page, the documented maximum of the list.",
      [](Dialect& d) { d.page_limit = 20; });
  add("empty-last-page", "Gives a NextToken after every full page, so that the last page may be empty.",
      [](Dialect& d) { d.token_after_full_page = true; });
  add("pages-by-1", "Never puts more than one account on a page.", [](Dialect& d) { d.page_limit = 1; });
  add("empty-first-page", "Answers without NextToken with an empty page and a NextToken.",
      [](Dialect& d) { d.empty_first_page = true; });
  add("empty-pages-between", "Puts an empty page behind every page that is not the last.",
      [](Dialect& d) { d.empty_pages_between = true; });
  add("empty-pages-everywhere", "Puts one account on a page, an empty page first, and one behind every page.",
      [](Dialect& d) {
        d.page_limit = 1;
        d.empty_first_page = d.empty_pages_between = d.token_after_full_page = true;
      });
  add("only-get-connection-status", "Implements GetConnectionStatus and nothing else.",
      [](Dialect& d) { d.only_operations = {"GetConnectionStatus"}; });
  add("no-document-creation", "Documents are there from the start and cannot be created, deleted or shared.",
      [](Dialect& d) {
        d.only_operations = {"DescribeDocumentPermission", "GetConnectionStatus"};
      });
  add("no-request-ids", "Sends no x-amzn-RequestId, which no specification asks for.",
      [](Dialect& d) { d.request_ids = false; });
  add("type-only-in-body", "Names an error in __type only, without the header X-Amzn-Errortype.",
      [](Dialect& d) { d.error_type_in_header = false; });
  add("type-everywhere", "Names an error in __type, in code and in the header X-Amzn-Errortype.",
      [](Dialect& d) { d.error_type_in_code = true; });
  add("whole-shape-ids", "Writes __type as a whole shape id with a URI behind it, and no header.",
      [](Dialect& d) {
        d.error_shape_ids = true;
        d.error_type_in_header = false;
      });
  add("application-json", "Sends application/json as the content type of every response.",
      [](Dialect& d) { d.content_type = "application/json"; });
  add("json-1.0", "Sends application/x-amz-json-1.0 as the content type of every response.",
      [](Dialect& d) { d.content_type = "application/x-amz-json-1.0"; });
  add("capital-message", "Writes the text of an error in Message instead of message.",
      [](Dialect& d) { d.message_member = "Message"; });
  add("silent-errors", "Gives errors a type and no text.", [](Dialect& d) { d.message_member.clear(); });
  add("extra-members", "Adds members to every output that no model knows.",
      [](Dialect& d) { d.extra_members = true; });
  add("spaced-json", "Writes JSON over several lines.", [](Dialect& d) { d.spaced_json = true; });
  add("ascii-json", "Escapes everything beyond ASCII.", [](Dialect& d) { d.ascii_json = true; });
  add("lower-case-headers", "Writes header names in lower case.",
      [](Dialect& d) { d.lower_case_headers = true; });
  add("validation-exception-for-all", "Answers every malformed input with ValidationException.",
      [](Dialect& d) {
        d.errors["SerializationException"] = {400, "ValidationException"};
        d.errors["InvalidPermissionType"] = {400, "ValidationException"};
        d.errors["InvalidNextToken"] = {400, "ValidationException"};
      });
  add("validation-error-for-all",
      "Answers every malformed input with ValidationError, the documented spelling.", [](Dialect& d) {
        for (const char* code : {"ValidationException", "SerializationException", "InvalidPermissionType",
                                 "InvalidNextToken", "RequestEntityTooLargeException"})
          d.errors[code] = {400, "ValidationError"};
      });
  add("compressed-when-asked", "Sends bodies in gzip or deflate where Accept-Encoding asks for it.",
      [](Dialect& d) { d.codes_when_asked = true; });
  add("refuses-by-headers",
      "Refuses what headers ask for with 406, 407, 412, 416, 417, 425 and 504, and removes what Connection "
      "names.",
      [](Dialect& d) { d.refuses_by_headers = true; });
  add("heeds-headers", "Answers ranges with 206 and conditions with 304.",
      [](Dialect& d) { d.heeds_headers = true; });
  add("unknown-nodes-connected", "Says of a Target that is none of its nodes that it is connected.",
      [](Dialect& d) { d.of_family.of<nodes::Variation>().unknown_connected = true; });
  add("any-target-form", "Accepts the prefix of a target in any case, with a namespace or a version.",
      [](Dialect& d) { d.any_target_form = true; });
  add("impossible-names-are-unknown", "Answers a Name that no document can have with InvalidDocument.",
      [](Dialect& d) { d.of_family.of<documents::Variation>().impossible_name_is_unknown = true; });
  add("any-region", "Accepts signatures for every region.", [](Dialect& d) { d.any_region = true; });
  add("only-node-ids", "Answers a Target that does not look like a node's id with ValidationException.",
      [](Dialect& d) {
        d.of_family.of<nodes::Variation>().only_node_ids = true;
        d.may_leave_unchecked = true;
      });
  add("knows-its-nodes", "Answers a Target that is none of its nodes with InvalidInstanceId.",
      [](Dialect& d) {
        d.of_family.of<nodes::Variation>().knows_its_nodes = true;
        d.may_leave_unchecked = true;
      });
  add("refuses-controls", "Answers a Target that holds control characters with ValidationException.",
      [](Dialect& d) {
        d.of_family.of<nodes::Variation>().refuses_controls = true;
        d.may_leave_unchecked = true;
      });
  add("refuses-repeats",
      "Refuses to share with an account that has the document, and to stop with one that does not.",
      [](Dialect& d) {
        d.of_family.of<documents::Variation>().refuses_repeats = true;
        d.may_leave_unchecked = true;
        // Where a change may not be repeated, its control may not be either.
        d.may_block = "ModifyDocumentPermission";
      });
  add("ignores-case", "Takes names that differ only in the case of letters for the same.",
      [](Dialect& d) { d.ignores_case = true; });
  add("unknown-operation-404", "Answers operations that do not exist with status 404.", [](Dialect& d) {
    d.errors["UnknownOperationException"] = {404, "UnknownOperationException"};
  });
  add("older-codes", "Uses the codes of the older common errors, with 403 for authentication.",
      [](Dialect& d) {
        d.errors["UnknownOperationException"] = {400, "InvalidAction"};
        d.errors["ValidationException"] = {400, "ValidationError"};
        d.errors["SerializationException"] = {400, "ValidationError"};
        d.errors["MissingAuthenticationTokenException"] = {403, "MissingAuthenticationToken"};
        d.errors["IncompleteSignatureException"] = {403, "IncompleteSignature"};
        d.errors["UnrecognizedClientException"] = {403, "InvalidClientTokenId"};
        d.errors["InvalidSignatureException"] = {403, "SignatureDoesNotMatch"};
      });
  add("large-bodies-400", "Answers a body beyond the limit with 400 SerializationException.", [](Dialect& d) {
    d.errors["RequestEntityTooLargeException"] = {400, "SerializationException"};
  });
  add("behind-a-gateway",
      "Answers 20 ms late, every 5th request with 429, compresses when asked, and closes after every 101st, "
      "saying so.",
      [](Dialect& d) {
        d.delay = std::chrono::milliseconds(20);
        d.throttle_every = 5;
        d.throttle_by_gateway = 0;
        d.codes_when_asked = true;
        d.close_every = 101;
      });
  return list;
}

}  // namespace

const std::vector<NamedDialect>& dialects() {
  static const std::vector<NamedDialect> list = all();
  return list;
}

const NamedDialect* find_dialect(std::string_view name) {
  const auto& list = dialects();
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& d) { return d.name == name; });
  return found == list.end() ? nullptr : &*found;
}

}  // namespace conformance::ssm
