// How an expectation comes about. Each violation falls under one row: the operation's own if it has one, else
// the engine's, a row about its member before one about any. The outcomes of all rows are joined; of their
// forces the strictest decides whether success is admissible, the weakest how far anything is judged:
//
//   rejects       success is a defect      permits    success stays admissible
//   discourages   success is advice        advises, availability, liveness   judging stops there
//
// Of a token that was never issued, what the operation declares, and what it does not, adds outcomes too.
//
// A request without violations expects success, and, of an operation without rules, any error that it
// declares. At level `aws` the outcomes are replaced by what was recorded for the first row that rejects.
#include "harness/oracle/admissible.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace harness::oracle {
namespace {

using P = Provenance;
using F = Force;

// Sets that several rows share.
const std::vector<Outcome> kUnknownOperation = {
    {400, "UnknownOperationException", P::recorded}, {404, "UnknownOperationException", P::common_errors},
    {400, "InvalidAction", P::older_common_errors},  {404, "InvalidAction", P::older_common_errors},
    {400, "MissingAction", P::older_common_errors},  {404, "MissingAction", P::older_common_errors}};
const std::vector<Outcome> kBadBody = {{400, "SerializationException", P::recorded},
                                       {400, "MalformedHttpRequestException", P::common_errors},
                                       {400, "ValidationException", P::inferred}};
const std::vector<Outcome> kConstraint = {{400, "ValidationException", P::recorded}};
const std::vector<Outcome> kMissing = {{400, "ValidationException", P::recorded},
                                       {400, "MissingParameter", P::older_common_errors}};
// Errors that any operation may answer to a request of the right shape (API reference, Common Errors).
const std::vector<Outcome> kCommonRefusals = {{400, "ValidationException", P::common_errors},
                                              {400, "AccessDeniedException", P::common_errors},
                                              {403, "AccessDeniedException", P::common_errors},
                                              {400, "NotAuthorized", P::common_errors},
                                              {403, "OptInRequired", P::common_errors}};

std::vector<Outcome> both_statuses(std::initializer_list<Outcome> at_400) {
  std::vector<Outcome> out;
  for (const Outcome& o : at_400) {
    out.push_back(o);
    out.push_back({403, o.code, o.provenance == P::recorded ? P::common_errors : o.provenance});
  }
  return out;
}

const Outcome kSerialization{400, "SerializationException", P::recorded};
const Outcome kValidation{400, "ValidationException", P::recorded};

std::vector<Row> make_table() {
  return {
      {Rule::request_line,
       "",
       F::liveness,
       {},
       {},
       "HTTP leaves open how to refuse what is not a request line"},
      {Rule::incomplete, "", F::liveness, {}, {}, "a server may wait for the rest, or give up"},
      {Rule::framing, "", F::liveness, {}, {}, "RFC 9112 lets a server answer 400 or close the connection"},
      {Rule::transfer_coding,
       "",
       F::availability,
       {},
       {},
       "nothing is documented of transfer-coded requests"},
      {Rule::method, "", F::availability, {}, {}, "AWS answers other methods in different ways"},
      {Rule::path,
       "",
       F::availability,
       {},
       {},
       "AWS JSON 1.1 uses the path / only; other paths are not specified"},
      {Rule::content_type, "", F::availability, {}, {}, "AWS answers other content types in different ways"},
      {Rule::large_head, "", F::availability, {}, {}, "the limit on headers is not documented"},
      {Rule::large_body,
       "",
       F::permits,
       {{413, "RequestEntityTooLargeException", P::recorded},
        {400, "RequestEntityTooLargeException", P::inferred},
        {413, "", P::inferred},
        {400, "SerializationException", P::inferred},
        {400, "ValidationException", P::inferred}},
       {},
       "services limit the body; this limit is not documented"},
      {Rule::removable_header,
       "",
       F::availability,
       {},
       {},
       "RFC 9110 §7.6.1: an intermediary removes the headers that Connection names"},

      {Rule::empty_body, "", F::rejects, kBadBody, kSerialization, "an empty body is not a JSON object"},
      {Rule::not_json, "", F::rejects, kBadBody, kSerialization,
       "AWS JSON 1.1 carries the input as one JSON object"},
      {Rule::not_an_object, "", F::rejects, kBadBody, kSerialization,
       "AWS JSON 1.1 carries the input as one JSON object"},
      {Rule::uncertain_json,
       "",
       F::availability,
       {},
       {},
       "RFC 8259 leaves open what readers make of such JSON"},

      {Rule::no_target, "", F::rejects, kUnknownOperation, kUnknownOperation[0],
       "X-Amz-Target names the operation (AWS JSON 1.1)"},
      {Rule::unknown_target, "", F::rejects, kUnknownOperation, kUnknownOperation[0],
       "X-Amz-Target names an operation of the service (AWS JSON 1.1)"},
      {Rule::target_form,
       "",
       F::discourages,
       kUnknownOperation,
       {},
       "X-Amz-Target names the service as the model does; what AWS makes of other spellings is not recorded"},
      {Rule::repeated_target,
       "",
       F::availability,
       {},
       {},
       "nothing says which of two X-Amz-Target headers counts"},

      {Rule::unmodelled_target,
       "",
       F::availability,
       {},
       {},
       "the service has this operation, but the model in use does not describe it"},

      {Rule::not_signed, "", F::rejects,
       both_statuses({{400, "MissingAuthenticationTokenException", P::recorded},
                      {400, "MissingAuthenticationToken", P::common_errors}}),
       Outcome{400, "MissingAuthenticationTokenException", P::recorded}, "requests must be signed"},
      {Rule::incomplete_signature, "", F::rejects,
       both_statuses({{400, "IncompleteSignatureException", P::recorded},
                      {400, "IncompleteSignature", P::common_errors}}),
       Outcome{400, "IncompleteSignatureException", P::recorded},
       "the Authorization header must be complete"},
      {Rule::unknown_key, "", F::rejects,
       both_statuses({{400, "UnrecognizedClientException", P::recorded},
                      {400, "InvalidClientTokenId", P::common_errors}}),
       Outcome{400, "UnrecognizedClientException", P::recorded}, "the access key must exist"},
      {Rule::wrong_scope, "", F::rejects,
       both_statuses({{400, "InvalidSignatureException", P::recorded},
                      {400, "SignatureDoesNotMatch", P::common_errors},
                      {400, "RequestExpired", P::common_errors}}),
       Outcome{400, "InvalidSignatureException", P::recorded},
       "the signature must be for this region and service"},
      {Rule::expired, "", F::rejects,
       both_statuses({{400, "InvalidSignatureException", P::recorded},
                      {400, "SignatureDoesNotMatch", P::common_errors},
                      {400, "RequestExpired", P::common_errors}}),
       Outcome{400, "InvalidSignatureException", P::recorded}, "the request's date must be recent"},
      {Rule::wrong_signature, "", F::rejects,
       both_statuses({{400, "InvalidSignatureException", P::recorded},
                      {400, "SignatureDoesNotMatch", P::common_errors},
                      {400, "RequestExpired", P::common_errors}}),
       Outcome{400, "InvalidSignatureException", P::recorded}, "the signature must be right"},

      {Rule::foreign_authorization,
       "",
       F::availability,
       {},
       {},
       "an endpoint that verifies no signatures may still ask for the header"},
      {Rule::type,
       "",
       F::rejects,
       {{400, "SerializationException", P::recorded}, {400, "ValidationException", P::inferred}},
       kSerialization,
       "the member's JSON type is fixed by the model"},
      {Rule::integer_size,
       "",
       F::rejects,
       {{400, "ValidationException", P::recorded}, {400, "SerializationException", P::inferred}},
       kValidation,
       "Type: Integer is a 32-bit integer (Smithy)"},
      {Rule::required, "", F::rejects, kMissing, kValidation, "Required: Yes"},
      {Rule::length, "", F::rejects, kConstraint, kValidation, "the documented length"},
      {Rule::range, "", F::rejects, kConstraint, kValidation, "the documented range"},
      {Rule::pattern, "", F::rejects, kConstraint, kValidation, "the documented pattern"},
      {Rule::enumeration, "", F::rejects, kConstraint, kValidation, "the documented valid values"},
      {Rule::uncertain_value, "", F::availability, {}, {}, "the specification leaves this value open"},
      {Rule::unusual_text, "", F::availability, {}, {}, "nothing is documented of such characters"},
      {Rule::page_token,
       "",
       F::rejects,
       {{400, "ValidationException", P::inferred}},
       {},
       "a token is one that a previous call returned: the operation declares an error for any other (API "
       "reference, Errors)"},
      {Rule::page_token_undeclared,
       "",
       F::discourages,
       {{400, "ValidationException", P::inferred}},
       {},
       "a token is one that a previous call returned (API reference); how another is refused is not "
       "documented: the operation declares no error for it"},
  };
}

const std::vector<Row>& rows() {
  static const std::vector<Row> table = with_documented_spelling(make_table());
  return table;
}

const Row* find_row(std::span<const Row> table, Rule rule, std::string_view about) {
  const auto row = std::find_if(table.begin(), table.end(), [&](const Row& r) {
    return r.rule == rule && (r.about.empty() || r.about == about);
  });
  return row == table.end() ? nullptr : &*row;
}

void add_outcome(std::vector<Outcome>& all, const Outcome& outcome) {
  const bool known = std::any_of(all.begin(), all.end(), [&](const Outcome& o) {
    return o.status == outcome.status && o.code == outcome.code;
  });
  if (!known) all.push_back(outcome);
}

// What a declared error is answered with. A failure of the server refuses nothing, whatever it is called.
Outcome declared(const model::Shape& error) {
  const bool refuses = error.http_status >= 400 && error.http_status < 500;
  return {refuses ? error.http_status : 400, error.name(), P::api_reference};
}

// Of an operation without rules, nobody here knows which state it needs.
void admit_what_is_declared(Expectation& e, const model::Operation& operation) {
  static const Row row{Rule::state,
                       "no-rules",
                       F::permits,
                       kCommonRefusals,
                       {},
                       "what this operation needs is not known here: any error that it declares may refuse a "
                       "request that is otherwise valid"};
  e.rows.push_back(&row);
  for (const Outcome& o : row.outcomes) add_outcome(e.errors, o);
  for (const model::Shape* error : operation.errors) add_outcome(e.errors, declared(*error));
}

// Which of two reasons to refuse comes first is not known either; that AWS looks at the constraints first is.
void advise_what_is_declared(Expectation& e, const model::Operation& operation) {
  for (const model::Shape* error : operation.errors) add_outcome(e.advised, declared(*error));
}

// What says that the token is wrong; and, where the operation declares nothing that does, all that it
// declares.
void admit_token_errors(Expectation& e, const Classification& c) {
  const bool documented = c.breaks(Rule::page_token);
  for (const std::string_view code : c.token_errors)
    add_outcome(e.errors, {400, code, documented ? P::api_reference : P::inferred});
  if (c.operation == nullptr || !c.breaks(Rule::page_token_undeclared)) return;
  for (const model::Shape* error : c.operation->errors) add_outcome(e.errors, declared(*error));
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::rejects:
      return "rejects";
    case Level::documented:
      return "documented";
    case Level::aws:
      return "aws";
  }
  return "?";
}

std::optional<Level> parse_level(std::string_view name) {
  for (Level level : {Level::rejects, Level::documented, Level::aws}) {
    if (name == to_string(level)) return level;
  }
  return std::nullopt;
}

std::span<const Row> table() {
  return rows();
}

const Row& row_for(const Classification& classification, const RequestViolation& v,
                   std::span<const Row> rows) {
  static const Row none{
      Rule::uncertain_value, "", F::availability, {}, {}, "no row of the table speaks of this"};
  const std::string_view about = v.rule == Rule::state ? v.name() : std::string_view(v.member);
  if (classification.rules != nullptr) {
    if (const Row* own = find_row(classification.rules->rows, v.rule, about)) return *own;
  }
  const Row* row = find_row(rows, v.rule, about);
  return row == nullptr ? none : *row;
}

Expectation admissible(const Classification& classification, Level level, std::span<const Row> rows) {
  Expectation e;
  bool rejected = false;
  bool discouraged = false;
  bool uncertain_member = false;
  std::vector<Outcome> exact;  // what AWS was recorded to answer
  e.permitted = classification.permissions;
  const auto weaken = [&](Force scope) { e.scope = std::max(e.scope, scope); };
  for (const RequestViolation& v : classification.violations) {
    const Row& row = row_for(classification, v, rows);
    if (std::find(e.rows.begin(), e.rows.end(), &row) == e.rows.end()) e.rows.push_back(&row);
    for (const Outcome& o : row.outcomes) add_outcome(e.errors, o);
    switch (row.force) {
      case F::rejects:
        if (!rejected && row.recorded) exact = {*row.recorded};
        rejected = true;
        break;
      case F::discourages:
        discouraged = true;
        break;
      case F::permits:
        break;
      case F::availability:
        if (v.rule == Rule::uncertain_value || v.rule == Rule::unusual_text) {
          uncertain_member = true;
        } else {
          weaken(F::availability);
        }
        break;
      case F::advises:
      case F::liveness:
        weaken(row.force);
        break;
    }
  }
  if (uncertain_member) {
    // Another broken rule still forbids success; how the uncertain value is refused is open.
    if (!rejected) weaken(F::availability);
    add_outcome(e.errors, {400, "SerializationException", P::inferred});
    add_outcome(e.errors, {400, "ValidationException", P::inferred});
    add_outcome(e.errors, {400, "ValidationError", P::common_errors});
  }
  // For an operation that does not exist and an empty body together, both answers were recorded.
  const bool no_operation =
      classification.breaks(Rule::unknown_target) || classification.breaks(Rule::no_target);
  if (classification.breaks(Rule::empty_body) && no_operation && !exact.empty())
    exact.push_back(kUnknownOperation[0]);
  if (classification.operation != nullptr && !classification.needs_are_known()) {
    if (rejected || discouraged) {
      advise_what_is_declared(e, *classification.operation);
    } else {
      admit_what_is_declared(e, *classification.operation);
    }
  }
  admit_token_errors(e, classification);
  e.success_is_advice = discouraged && !rejected;
  rejected |= discouraged;
  e.success = !rejected;
  // A rule that only advises must not soften another that rejects.
  if (rejected && e.scope == F::advises) e.scope = F::rejects;
  if (e.success_is_advice && classification.breaks(Rule::page_token_undeclared)) weaken(F::advises);
  if (!rejected || e.scope >= F::availability) return e;
  if (level == Level::rejects) e.any_rejection = true;
  // How AWS answers a value that the specification leaves open is not recorded, whatever else is wrong.
  if (level == Level::aws && !exact.empty() && !uncertain_member) e.errors = std::move(exact);
  return e;
}

void only_availability(Expectation& expectation) {
  expectation.scope = std::max(expectation.scope, F::availability);
}

std::string Expectation::text() const {
  if (scope == F::liveness)
    return "any answer below 500, or the connection's end, as long as the endpoint goes on answering";
  if (scope == F::availability) return "any HTTP answer below 500";
  std::vector<std::string> parts;
  if (success) parts.emplace_back("200");
  if (any_rejection) {
    parts.emplace_back("any 4xx error");
  } else {
    for (const Outcome& o : errors) {
      parts.push_back(fmt::format("{} {} ({})", o.status, o.code.empty() ? "without a code" : o.code,
                                  to_string(o.provenance)));
    }
  }
  if (!advised.empty()) parts.emplace_back("an error that the operation declares (advice)");
  for (const HeaderPermission* p : permitted)
    parts.push_back(fmt::format("{} ({})", fmt::join(p->statuses, " or "), p->because));
  return fmt::format("{}", fmt::join(parts, ", or "));
}

}  // namespace harness::oracle
