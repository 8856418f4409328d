#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/oracle/table_test_support.h"

// The table, written a second time by hand: a row or an outcome that is added, lost or changed is seen here,
// and must be changed in both places on purpose.
namespace harness::oracle {

namespace {

using testing_support::Expected;
using P = Provenance;
using F = Force;
using R = Rule;

std::vector<Expected> expected_table() {
  const Outcome serialization{400, "SerializationException", P::recorded};
  const Outcome validation{400, "ValidationException", P::recorded};
  const Outcome validation_error{400, "ValidationError", P::common_errors};
  const Outcome missing_parameter{400, "MissingParameter", P::older_common_errors};
  const Outcome unknown_operation{400, "UnknownOperationException", P::recorded};
  const std::vector<Outcome> unknown = {unknown_operation,
                                        {404, "UnknownOperationException", P::common_errors},
                                        {400, "InvalidAction", P::older_common_errors},
                                        {404, "InvalidAction", P::older_common_errors},
                                        {400, "MissingAction", P::older_common_errors},
                                        {404, "MissingAction", P::older_common_errors}};
  const std::vector<Outcome> bad_body = {serialization,
                                         {400, "MalformedHttpRequestException", P::common_errors},
                                         validation_error,
                                         {400, "ValidationException", P::inferred}};
  const Outcome invalid_signature{400, "InvalidSignatureException", P::recorded};
  const std::vector<Outcome> bad_signature = {invalid_signature,
                                              {403, "InvalidSignatureException", P::common_errors},
                                              {400, "SignatureDoesNotMatch", P::common_errors},
                                              {403, "SignatureDoesNotMatch", P::common_errors},
                                              {400, "RequestExpired", P::common_errors},
                                              {403, "RequestExpired", P::common_errors}};
  const auto not_judged = [](Rule rule, Force force) { return Expected{rule, "", force, {}, {}}; };
  return {
      not_judged(R::request_line, F::liveness),
      not_judged(R::incomplete, F::liveness),
      not_judged(R::framing, F::liveness),
      not_judged(R::transfer_coding, F::availability),
      not_judged(R::method, F::availability),
      not_judged(R::path, F::availability),
      not_judged(R::content_type, F::availability),
      not_judged(R::large_head, F::availability),
      {R::large_body,
       "",
       F::permits,
       {{413, "RequestEntityTooLargeException", P::recorded},
        {400, "RequestEntityTooLargeException", P::inferred},
        {413, "", P::inferred},
        {400, "SerializationException", P::inferred},
        {400, "ValidationException", P::inferred},
        validation_error},
       {}},
      not_judged(R::removable_header, F::availability),
      {R::empty_body, "", F::rejects, bad_body, serialization},
      {R::not_json, "", F::rejects, bad_body, serialization},
      {R::not_an_object, "", F::rejects, bad_body, serialization},
      not_judged(R::uncertain_json, F::availability),
      {R::no_target, "", F::rejects, unknown, unknown_operation},
      {R::unknown_target, "", F::rejects, unknown, unknown_operation},
      {R::target_form, "", F::discourages, unknown, {}},
      not_judged(R::repeated_target, F::availability),
      not_judged(R::unmodelled_target, F::availability),
      {R::not_signed,
       "",
       F::rejects,
       {{400, "MissingAuthenticationTokenException", P::recorded},
        {403, "MissingAuthenticationTokenException", P::common_errors},
        {400, "MissingAuthenticationToken", P::common_errors},
        {403, "MissingAuthenticationToken", P::common_errors}},
       Outcome{400, "MissingAuthenticationTokenException", P::recorded}},
      {R::incomplete_signature,
       "",
       F::rejects,
       {{400, "IncompleteSignatureException", P::recorded},
        {403, "IncompleteSignatureException", P::common_errors},
        {400, "IncompleteSignature", P::common_errors},
        {403, "IncompleteSignature", P::common_errors}},
       Outcome{400, "IncompleteSignatureException", P::recorded}},
      {R::unknown_key,
       "",
       F::rejects,
       {{400, "UnrecognizedClientException", P::recorded},
        {403, "UnrecognizedClientException", P::common_errors},
        {400, "InvalidClientTokenId", P::common_errors},
        {403, "InvalidClientTokenId", P::common_errors}},
       Outcome{400, "UnrecognizedClientException", P::recorded}},
      {R::wrong_scope, "", F::rejects, bad_signature, invalid_signature},
      {R::expired, "", F::rejects, bad_signature, invalid_signature},
      {R::wrong_signature, "", F::rejects, bad_signature, invalid_signature},
      {R::foreign_authorization, "", F::availability, {}, {}},
      {R::type,
       "",
       F::rejects,
       {serialization, {400, "ValidationException", P::inferred}, validation_error},
       serialization},
      {R::integer_size,
       "",
       F::rejects,
       {validation, validation_error, {400, "SerializationException", P::inferred}},
       validation},
      {R::required, "", F::rejects, {validation, validation_error, missing_parameter}, validation},
      {R::length, "", F::rejects, {validation, validation_error}, validation},
      {R::range, "", F::rejects, {validation, validation_error}, validation},
      {R::pattern, "", F::rejects, {validation, validation_error}, validation},
      {R::enumeration, "", F::rejects, {validation, validation_error}, validation},
      not_judged(R::uncertain_value, F::availability),
      not_judged(R::unusual_text, F::availability),
      {R::page_token, "", F::rejects, {{400, "ValidationException", P::inferred}, validation_error}, {}},
      {R::page_token_undeclared,
       "",
       F::discourages,
       {{400, "ValidationException", P::inferred}, validation_error},
       {}},
  };
}

TEST(Table, IsExactlyTheExpectedOne) {
  testing_support::expect_rows(table(), expected_table());
}

TEST(Table, IsSound) {
  testing_support::expect_sound(table());
}

TEST(Table, HasARowForEveryRule) {
  std::set<Rule> rules;
  for (const Row& row : table()) {
    if (row.about.empty()) rules.insert(row.rule);
  }
  // What a state is about, only an operation's own rows say.
  for (int r = 0; r < static_cast<int>(Rule::state); ++r) {
    EXPECT_TRUE(rules.contains(static_cast<Rule>(r))) << to_string(static_cast<Rule>(r));
  }
}

TEST(Table, ProvenancesHaveNames) {
  std::set<std::string_view> names;
  for (int p = 0; p <= static_cast<int>(P::inferred); ++p) names.insert(to_string(static_cast<P>(p)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(P::inferred) + 1);
  EXPECT_EQ(to_string(P::recorded), "recorded from AWS");
}

TEST(Levels, AreReadBack) {
  EXPECT_EQ(parse_level("rejects"), Level::rejects);
  EXPECT_EQ(parse_level("documented"), Level::documented);
  EXPECT_EQ(parse_level("aws"), Level::aws);
  for (const char* wrong : {"", "AWS", "document", "aws "})
    EXPECT_EQ(parse_level(wrong), std::nullopt) << wrong;
}

TEST(Mutants, OfEveryRowAreNoticed) {
  const std::size_t mutants = testing_support::expect_mutants_noticed(
      table(), [](const Classification& c, Level level, std::span<const Row> rows) {
        return admissible(c, level, rows);
      });
  EXPECT_GT(mutants, 200U);
}

}  // namespace
}  // namespace harness::oracle
