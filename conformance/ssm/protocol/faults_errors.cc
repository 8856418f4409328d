#include "conformance/ssm/fault_support.h"

// Which error a refusal carries, and how it is written.
namespace conformance::ssm::protocol {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

Fault code(std::string name, std::string clause, Difficulty difficulty, std::string description,
           std::string_view from, int status, std::string_view to) {
  return recodes({std::move(name), error_code, std::move(clause), difficulty, std::move(description)}, from,
                 status, to);
}

/// The refusals of one operation's input that fulfil `when` get another error.
Fault code_where(std::string name, std::string clause, std::string description, std::string_view operation,
                 Predicate when, Failure other) {
  return fault({std::move(name), error_code, std::move(clause), hard, std::move(description)}, [=] {
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view called, const Json& input, Outcome& outcome) {
      if (called == operation && !outcome && input.is_object() && when(input))
        outcome = tl::unexpected(other);
    };
    return hooks;
  });
}

Fault envelope_fault(std::string name, Difficulty difficulty, std::string description,
                     std::function<void(Json& body, wire::Response&)> edit) {
  return writes_errors(
      {std::move(name), envelope, "protocol/errors/envelope", difficulty, std::move(description)},
      std::move(edit));
}

/// Writes the whole body; the JSON is left alone.
void write(Json& json, wire::Response& response, std::string body, std::string content_type) {
  json = nullptr;
  response.body = std::move(body);
  response.headers.set("Content-Type", std::move(content_type));
}

constexpr const char* kValidation = "protocol/errors/validation";
constexpr const char* kSerialization = "protocol/errors/serialization";
constexpr const char* kUnknown = "protocol/errors/unknown-operation";
constexpr const char* kStatusClause = "protocol/errors/status";
constexpr const char* kDescribeErrors = "describe-document-permission/errors/";

std::vector<Fault> error_code_faults() {
  const std::string errors = kDescribeErrors;
  return {
      code("validation-is-invalid-parameter", kValidation, easy,
           "Answers broken constraints with InvalidParameterValue.", "ValidationException", 400,
           "InvalidParameterValue"),
      code("validation-is-500", errors + "internal-server-error", easy,
           "Answers broken constraints with 500.", "ValidationException", 500, "InternalServerError"),
      code("validation-is-422", kStatusClause, easy, "Answers broken constraints with status 422.",
           "ValidationException", 422, "ValidationException"),
      code("validation-is-200", kStatusClause, easy, "Sends ValidationException with status 200.",
           "ValidationException", 200, "ValidationException"),
      code("type-is-500", errors + "common", easy, "Fails (500) on bodies that it cannot read.",
           "SerializationException", 500, "InternalFailure"),
      code("type-is-type-error", kSerialization, easy, "Answers unreadable bodies with TypeError.",
           "SerializationException", 400, "TypeError"),
      code("document-is-404", errors + "invalid-document", easy,
           "Answers 404 for a document that does not exist.", "InvalidDocument", 404, "InvalidDocument"),
      code("document-is-resource-not-found", errors + "invalid-document", easy,
           "Answers ResourceNotFoundException for a document that does not exist.", "InvalidDocument", 400,
           "ResourceNotFoundException"),
      code("document-is-does-not-exist", errors + "invalid-document", medium,
           "Answers DoesNotExistException for a document that does not exist.", "InvalidDocument", 400,
           "DoesNotExistException"),
      code("document-is-500", errors + "invalid-document", easy,
           "Fails (500) if the document does not exist.", "InvalidDocument", 500, "InternalServerError"),
      code("operation-is-validation", errors + "invalid-document-operation", hard,
           "Answers ValidationException when a shared document is to be deleted.", "InvalidDocumentOperation",
           400, "ValidationException"),
      code("operation-is-409", errors + "invalid-document-operation", hard,
           "Answers 409 when a shared document is to be deleted.", "InvalidDocumentOperation", 409,
           "InvalidDocumentOperation"),
      code("token-is-invalid-token", errors + "invalid-next-token", medium, "Calls the error InvalidToken.",
           "InvalidNextToken", 400, "InvalidToken"),
      code("token-is-invalid-document", errors + "invalid-next-token", medium,
           "Answers InvalidDocument for a token that it does not know.", "InvalidNextToken", 400,
           "InvalidDocument"),
      code("token-is-500", errors + "invalid-next-token", medium,
           "Fails (500) on a token that it does not know.", "InvalidNextToken", 500, "InternalServerError"),
      code("permission-type-is-invalid-parameter", errors + "invalid-permission-type", medium,
           "Answers InvalidParameters for another PermissionType.", "InvalidPermissionType", 400,
           "InvalidParameters"),
      code("permission-type-is-404", errors + "invalid-permission-type", medium,
           "Answers another PermissionType with status 404.", "InvalidPermissionType", 404,
           "InvalidPermissionType"),
      code("unknown-operation-is-500", kUnknown, easy, "Fails (500) on operations that it does not have.",
           "UnknownOperationException", 500, "InternalFailure"),
      code("unknown-operation-is-serialization", kUnknown, medium,
           "Answers SerializationException for operations that it does not have.",
           "UnknownOperationException", 400, "SerializationException"),
      code("unknown-operation-is-not-authorized", kUnknown, medium,
           "Answers 403 AccessDeniedException for operations that it does not have.",
           "UnknownOperationException", 403, "AccessDeniedException"),
      code_where("long-name-is-500", "describe-document-permission/errors/internal-server-error",
                 "Fails (500) on names of more than 255 characters.", kDescribe,
                 [](const Json& input) { return text_of(input, "Name").value_or("").size() > 255; },
                 {500, "InternalServerError", "value too long for type character varying(255)"}),
      code_where("missing-target-is-500", "get-connection-status/errors/internal-server-error",
                 "Fails (500) if Target is missing.", kStatus,
                 [](const Json& input) { return absent(input, "Target"); },
                 {500, "InternalServerError", "KeyError: 'Target'"}),
      code_where("missing-name-is-500", "describe-document-permission/name/required",
                 "Fails (500) if Name is missing.", kDescribe,
                 [](const Json& input) { return !input.contains("Name"); },
                 {500, "InternalServerError", "KeyError: 'Name'"}),
      code_where("long-target-is-invalid-instance", "get-connection-status/errors/common",
                 "Answers InvalidInstanceId for a Target that is too long.", kStatus,
                 [](const Json& input) { return text_of(input, "Target").value_or("").size() > 400; },
                 {400, "InvalidInstanceId", ""}),
      code_where("several-violations-are-500", "protocol/request/several-violations",
                 "Fails (500) if Name and MaxResults are both wrong.", kDescribe,
                 [](const Json& input) {
                   const auto name = text_of(input, "Name");
                   const auto most = input.find("MaxResults");
                   return (!name || name->size() < 3 || name->find(' ') != std::string::npos) &&
                          most != input.end() && most->is_number() && (*most < 1 || *most > 200);
                 },
                 {500, "InternalServerError", "not a single error"}),
      code_where(
          "absent-document-hides-range", "protocol/request/several-violations",
          "Answers InvalidParameterException for a wrong MaxResults of a document that does not exist.",
          kDescribe,
          [](const Json& input) {
            const auto name = text_of(input, "Name");
            const auto most = input.find("MaxResults");
            return name && name->ends_with("absent") && most != input.end() && most->is_number_integer() &&
                   (*most < 1 || *most > 200);
          },
          {400, "InvalidParameterException", ""}),
  };
}

std::vector<Fault> envelope_faults() {
  return {
      envelope_fault("error-without-type", easy, "Sends no __type.",
                     [](Json& body, wire::Response&) { body.erase("__type"); }),
      envelope_fault("error-type-in-code-only", easy, "Names the error in code instead of __type.",
                     [](Json& body, wire::Response&) {
                       body["code"] = body["__type"];
                       body.erase("__type");
                     }),
      envelope_fault("error-type-in-header-only", easy, "Names the error in X-Amzn-Errortype only.",
                     [](Json& body, wire::Response&) { body.erase("__type"); }),
      envelope_fault("error-type-capitalised", easy, "Writes __Type for __type.",
                     [](Json& body, wire::Response&) {
                       body["__Type"] = body["__type"];
                       body.erase("__type");
                     }),
      envelope_fault("error-type-number", easy, "Sends a number as __type.",
                     [](Json& body, wire::Response&) { body["__type"] = 400; }),
      envelope_fault("error-header-disagrees", medium,
                     "Names another error in X-Amzn-Errortype than in __type.",
                     [](Json&, wire::Response& response) {
                       response.headers.set("X-Amzn-Errortype", "InternalServerError");
                     }),
      envelope_fault("error-code-disagrees", medium, "Names another error in code than in __type.",
                     [](Json& body, wire::Response&) { body["code"] = "UnknownError"; }),
      envelope_fault(
          "error-code-is-number", easy, "Puts the status in place of the name in __type.",
          [](Json& body, wire::Response& response) { body["__type"] = std::to_string(response.status); }),
      envelope_fault("error-as-text", easy, "Sends errors as plain text.",
                     [](Json& body, wire::Response& response) {
                       write(body, response, body.value("__type", "") + ": no", "text/plain");
                     }),
      envelope_fault("error-as-html", easy, "Sends errors as a page of HTML.",
                     [](Json& body, wire::Response& response) {
                       write(body, response, "<!doctype html><title>Bad Request</title>", "text/html");
                     }),
      envelope_fault("error-as-xml", easy, "Sends errors in the XML of the query protocol.",
                     [](Json& body, wire::Response& response) {
                       write(body, response,
                             "<ErrorResponse><Error><Code>" + body.value("__type", "") +
                                 "</Code></Error></ErrorResponse>",
                             "text/xml");
                     }),
      envelope_fault("error-empty", easy, "Sends errors without a body.",
                     [](Json& body, wire::Response& response) {
                       write(body, response, "", "application/x-amz-json-1.1");
                     }),
      envelope_fault("error-in-list", medium, "Puts the error into a list.",
                     [](Json& body, wire::Response& response) {
                       write(body, response, "[" + wire::to_text(body) + "]", "application/x-amz-json-1.1");
                     }),
      envelope_fault("error-nested", medium, "Puts the error into a member Error.",
                     [](Json& body, wire::Response&) {
                       body = Json{{"Error", Json(body)}};
                     }),
      envelope_fault("error-encoded-twice", medium, "Sends the error as a JSON string that holds JSON.",
                     [](Json& body, wire::Response& response) {
                       write(body, response, Json(wire::to_text(body)).dump(), "application/x-amz-json-1.1");
                     }),
      envelope_fault("error-cut-short", medium, "Leaves out the last brace of errors.",
                     [](Json& body, wire::Response& response) {
                       std::string text = wire::to_text(body);
                       text.pop_back();
                       write(body, response, std::move(text), "application/x-amz-json-1.1");
                     }),
      envelope_fault("error-single-quotes", medium, "Sends Python's notation for JSON.",
                     [](Json& body, wire::Response& response) {
                       write(body, response, "{'__type': '" + body.value("__type", "") + "'}",
                             "application/x-amz-json-1.1");
                     }),
  };
}

}  // namespace

std::vector<Fault> faults_errors() {
  return joined({error_code_faults(), envelope_faults()});
}

}  // namespace conformance::ssm::protocol
