#include "harness/oracle/finding_rule.h"

namespace harness::oracle {
namespace {

constexpr FindingRule kRules[] = {
    {"outcome/accepted", "A request that must be refused was answered with success."},
    {"outcome/rejected", "A valid request was refused."},
    {"outcome/wrong-code", "The request was refused, but with an error that says something else."},
    {"outcome/other-refusal",
     "The request was refused with an error that the operation declares, but that is for something else."},
    {"outcome/undeclared",
     "A request that the model takes for valid was refused with an error that the operation does not "
     "declare."},
    {"outcome/wrong-status", "The status is not the one that goes with such an answer."},
    {"outcome/redirect",
     "The request was answered with a redirect, which no client of this protocol follows."},

    {"lifecycle/shown", "What was written is not shown, or not as it was written."},
    {"lifecycle/listed", "A resource that was made is missing from the list of its kind, or is named twice."},
    {"lifecycle/page-size", "A page holds more than was asked for."},
    {"lifecycle/pages-end", "The pages of a list come again and again."},
    {"lifecycle/changed", "A change was refused, or is not shown."},
    {"lifecycle/kept", "A change also changed what it does not name."},
    {"lifecycle/part", "What was added to a resource is not there, or what was taken away still is."},
    {"lifecycle/removed", "A resource could not be removed, or is there after it was removed."},
    {"lifecycle/absent-code",
     "What was removed is refused with another error than the one that says that it does not exist."},
    {"lifecycle/taken", "A name that is taken was given again."},
    {"lifecycle/taken-code", "A name that is taken is refused with another error than the one that says so."},

    {"shape/not-json", "The body of a success cannot be read as JSON."},
    {"shape/not-an-object", "The body of a success is JSON, but not an object."},
    {"shape/type", "A member of the answer has another JSON type than the model gives it, or stands twice."},
    {"shape/enum", "A member of the answer has a value that is none of the documented ones."},
    {"shape/missing", "A member that every such answer has is not there."},
    {"shape/unknown-member",
     "A member of the answer is none that the model knows: a service's own records leak so."},
    {"shape/constraint",
     "A member of the answer is outside of the model's constraints, which are advisory for answers."},

    {"envelope/not-json", "The body of an error is not a JSON object that clients can read."},
    {"envelope/no-type",
     "The body of an error has no __type, the one member from which every client takes its name."},
    {"envelope/carriers-disagree", "An error has one name in __type and another in a header or in code."},

    {"header/request-id", "The answer has no request id, which AWS always sends and clients log."},
    {"header/content-type", "The answer's media type is not that of the protocol."},
    {"connection/stray-bytes", "Bytes followed an answer that belong to no answer."},

    {"availability/server-error",
     "The request made the server fail (5xx); whatever a client sends, it must not."},
    {"availability/hang", "No complete answer came in time."},
    {"availability/no-continue",
     "A client that waits for 100 (Continue) before it sends the body gets nothing."},
    {"availability/reset", "The connection was reset instead of an answer."},
    {"availability/closed", "The connection was closed without an answer."},
    {"availability/truncated", "The connection was closed in the middle of an answer."},
    {"availability/dropped", "Requests on kept-alive connections are lost again and again."},
    {"availability/not-http", "The answer is not HTTP."},
    {"availability/too-large", "The answer is larger than any answer may be."},
    {"availability/connect", "The endpoint accepted no connection."},
    {"availability/tls", "The TLS handshake failed."},
    {"availability/same-connection",
     "After this request, a valid one on the same connection is not answered as it should be."},
    {"availability/afterwards",
     "After this request, a valid one on a new connection is not answered as it should be."},
    {"availability/died", "The endpoint's process ended when it was sent this."},
    {"availability/deaf", "After this request, the endpoint answers nobody any more."},
};

}  // namespace

std::span<const FindingRule> finding_rules() {
  return kRules;
}

}  // namespace harness::oracle
