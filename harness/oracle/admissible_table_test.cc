#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "harness/oracle/admissible.h"

// The table, written a second time by hand: a row or an outcome that is added, lost or changed is seen here,
// and must be changed in both places on purpose.
namespace harness::oracle {

void PrintTo(const Outcome& o, std::ostream* out) {
  *out << o.status << " '" << o.code << "' (" << to_string(o.provenance) << ")";
}

namespace {

using P = Provenance;
using F = Force;
using R = Rule;
using ::testing::UnorderedElementsAreArray;

struct Expected {
  Rule rule;
  std::string_view member;
  Force force;
  std::vector<Outcome> outcomes;
  std::optional<Outcome> recorded;
};

std::vector<Expected> expected_table() {
  const Outcome serialization{400, "SerializationException", P::recorded};
  const Outcome validation{400, "ValidationException", P::recorded};
  const Outcome validation_error{400, "ValidationError", P::common_errors};
  const std::vector<Outcome> too_many_accounts = {{400, "ValidationException", P::inferred},
                                                  {400, "ValidationError", P::common_errors},
                                                  {400, "DocumentPermissionLimit", P::api_reference}};
  const Outcome missing_parameter{400, "MissingParameter", P::older_common_errors};
  const Outcome invalid_document{400, "InvalidDocument", P::api_reference};
  const Outcome invalid_content{400, "InvalidDocumentContent", P::api_reference};
  const std::vector<Outcome> no_content = {validation, validation_error, invalid_content};
  const std::vector<Outcome> no_version = {
      validation, validation_error, invalid_document, {400, "InvalidDocumentVersion", P::inferred}};
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
  const std::vector<Outcome> bad_token = {{400, "InvalidNextToken", P::api_reference},
                                          {400, "ValidationException", P::inferred},
                                          validation_error};
  const std::vector<Outcome> name_taken = {{400, "DocumentAlreadyExists", P::api_reference},
                                           {400, "InvalidDocumentContent", P::api_reference},
                                           {400, "InvalidDocumentSchemaVersion", P::api_reference},
                                           {400, "MaxDocumentSizeExceeded", P::api_reference},
                                           {400, "DocumentLimitExceeded", P::api_reference}};
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
       "Content",
       F::rejects,
       {serialization, {400, "ValidationException", P::inferred}, validation_error, invalid_content},
       serialization},
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
      {R::required,
       "PermissionType",
       F::rejects,
       {validation, validation_error, missing_parameter, {400, "InvalidPermissionType", P::api_reference}},
       validation},
      {R::required,
       "Content",
       F::rejects,
       {validation, validation_error, missing_parameter, invalid_content},
       validation},
      {R::required, "", F::rejects, {validation, validation_error, missing_parameter}, validation},
      {R::length, "Name", F::rejects, {validation, validation_error, invalid_document}, validation},
      {R::length, "Content", F::rejects, no_content, validation},
      {R::length, "AccountIdsToAdd", F::rejects, too_many_accounts, {}},
      {R::length, "AccountIdsToRemove", F::rejects, too_many_accounts, {}},
      {R::length, "", F::rejects, {validation, validation_error}, validation},
      {R::range, "", F::rejects, {validation, validation_error}, validation},
      {R::pattern, "Name", F::rejects, {validation, validation_error, invalid_document}, validation},
      {R::pattern, "DocumentVersion", F::rejects, no_version, validation},
      {R::pattern, "VersionName", F::rejects, no_version, validation},
      {R::pattern, "", F::rejects, {validation, validation_error}, validation},
      {R::enumeration,
       "PermissionType",
       F::rejects,
       {{400, "InvalidPermissionType", P::disputed},
        {400, "ValidationException", P::disputed},
        validation_error},
       {}},
      {R::enumeration, "", F::rejects, {validation, validation_error}, validation},
      not_judged(R::uncertain_value, F::availability),
      not_judged(R::unusual_text, F::availability),
      {R::document_unknown, "", F::permits, {invalid_document}, {}},
      {R::document_may_exist, "", F::permits, name_taken, {}},
      {R::document_absent,
       "",
       F::rejects,
       {{400, "InvalidDocument", P::recorded}},
       Outcome{400, "InvalidDocument", P::recorded}},
      {R::document_aws_owned,
       "",
       F::advises,
       {{400, "InvalidDocument", P::inferred},
        {403, "InvalidDocument", P::inferred},
        {400, "AccessDeniedException", P::inferred},
        {403, "AccessDeniedException", P::inferred}},
       {}},
      {R::document_shared,
       "",
       F::rejects,
       {{400, "InvalidDocumentOperation", P::recorded}},
       Outcome{400, "InvalidDocumentOperation", P::recorded}},
      {R::document_exists, "", F::rejects, name_taken, {}},
      {R::token_unknown, "", F::permits, bad_token, {}},
      {R::token_empty, "", F::permits, bad_token, {}},
      {R::token_not_issued, "", F::rejects, bad_token, {}},
      {R::token_of_other_document, "", F::rejects, bad_token, {}},
      {R::nothing_to_modify,
       "",
       F::rejects,
       {{400, "InvalidParameterException", P::recorded}},
       Outcome{400, "InvalidParameterException", P::recorded}},
      not_judged(R::node_unknown, F::advises),
  };
}

TEST(Table, IsExactlyTheExpectedOne) {
  const auto expected = expected_table();
  ASSERT_EQ(table().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const Row& row = table()[i];
    const Expected& e = expected[i];
    SCOPED_TRACE(std::string(to_string(e.rule)) + " " + std::string(e.member));
    EXPECT_EQ(to_string(row.rule), to_string(e.rule));
    EXPECT_EQ(row.member, e.member);
    EXPECT_EQ(row.force, e.force);
    EXPECT_THAT(row.outcomes, UnorderedElementsAreArray(e.outcomes));
    EXPECT_EQ(row.recorded, e.recorded);
    EXPECT_NE(row.because, "") << "every row says why";
  }
}

TEST(Table, HasARowForEveryRule) {
  std::set<Rule> rules;
  for (const Row& row : table()) {
    if (row.member.empty()) rules.insert(row.rule);
  }
  for (int r = 0; r <= static_cast<int>(Rule::node_unknown); ++r) {
    EXPECT_TRUE(rules.contains(static_cast<Rule>(r))) << to_string(static_cast<Rule>(r));
  }
}

TEST(Table, ARowForAMemberGoesBeforeTheGeneralOne) {
  std::set<Rule> general;
  for (const Row& row : table()) {
    if (row.member.empty()) {
      EXPECT_TRUE(general.insert(row.rule).second) << "two general rows for " << to_string(row.rule);
    } else {
      EXPECT_FALSE(general.contains(row.rule))
          << to_string(row.rule) << " " << row.member << " is never reached";
    }
  }
  EXPECT_EQ(row_for(Rule::pattern, "Name").member, "Name");
  EXPECT_EQ(row_for(Rule::pattern, "Target").member, "");
  EXPECT_EQ(row_for(Rule::enumeration, "PermissionType").member, "PermissionType");
  EXPECT_EQ(row_for(Rule::range, "Name").rule, Rule::range);
}

TEST(Table, WhatRejectsNamesAnOutcomeAndWhatIsNotJudgedNone) {
  for (const Row& row : table()) {
    SCOPED_TRACE(std::string(to_string(row.rule)) + " " + std::string(row.member));
    if (row.force == F::rejects || row.force == F::discourages || row.force == F::permits) {
      EXPECT_FALSE(row.outcomes.empty());
    }
    if (row.force == F::availability || row.force == F::liveness) {
      EXPECT_TRUE(row.outcomes.empty());
    }
    for (const Outcome& o : row.outcomes) {
      EXPECT_GE(o.status, 400);
      EXPECT_LT(o.status, 500) << "a client's mistake is never a server's fault";
    }
    // What AWS was recorded to answer must itself be admissible.
    if (row.recorded) {
      EXPECT_THAT(row.outcomes, ::testing::Contains(*row.recorded));
    }
  }
}

TEST(Table, AdmitsTheDocumentedSpellingWhereverItAdmitsTheOneOnTheWire) {
  const auto has = [](const Row& row, int status, std::string_view code) {
    return std::any_of(row.outcomes.begin(), row.outcomes.end(),
                       [&](const Outcome& o) { return o.status == status && o.code == code; });
  };
  std::size_t rows = 0;
  for (const Row& row : table()) {
    for (const Outcome& o : row.outcomes) {
      if (o.code != "ValidationException") continue;
      ++rows;
      EXPECT_TRUE(has(row, o.status, "ValidationError")) << to_string(row.rule) << " " << row.member;
    }
  }
  EXPECT_GE(rows, 15U);
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

// Changes any one row of a copy of the table and asks admissible(): a mutant that is not noticed here would
// be one that the table's comparison above could not have been about.
Classification breaking(Rule rule, std::string_view member) {
  Classification c;
  c.violations.push_back({rule, std::string(member), "x"});
  return c;
}

std::vector<std::pair<int, std::string_view>> admitted(const Expectation& e) {
  std::vector<std::pair<int, std::string_view>> out;
  for (const Outcome& o : e.errors) out.emplace_back(o.status, o.code);
  return out;
}

TEST(Mutants, OfEveryRowAreNoticed) {
  std::size_t mutants = 0;
  const auto notices = [&](const std::vector<Row>& rows, const Row& row) {
    ++mutants;
    const auto c = breaking(row.rule, row.member);
    for (Level level : {Level::documented, Level::aws, Level::rejects}) {
      const auto before = admissible(c, level);
      const auto after = admissible(c, level, rows);
      if (before.success != after.success || before.scope != after.scope ||
          before.success_is_advice != after.success_is_advice || admitted(before) != admitted(after) ||
          before.any_rejection != after.any_rejection) {
        return true;
      }
    }
    return false;
  };
  const std::vector<Row> original(table().begin(), table().end());
  for (std::size_t i = 0; i < original.size(); ++i) {
    const Row& row = original[i];
    SCOPED_TRACE(std::string(to_string(row.rule)) + " " + std::string(row.member));
    for (std::size_t o = 0; o < row.outcomes.size(); ++o) {
      auto rows = original;
      rows[i].outcomes.erase(rows[i].outcomes.begin() + static_cast<std::ptrdiff_t>(o));
      EXPECT_TRUE(notices(rows, row)) << "without " << row.outcomes[o].code;
      rows = original;
      rows[i].outcomes[o].status = 499;
      EXPECT_TRUE(notices(rows, row)) << "another status for " << row.outcomes[o].code;
    }
    auto rows = original;
    rows[i].outcomes.push_back({400, "ThrottlingException", P::inferred});
    EXPECT_TRUE(notices(rows, row)) << "one code more";
    for (Force force : {F::rejects, F::discourages, F::permits, F::advises, F::availability, F::liveness}) {
      if (force == row.force) continue;
      rows = original;
      rows[i].force = force;
      EXPECT_TRUE(notices(rows, row)) << "another force";
    }
  }
  EXPECT_GT(mutants, 300U);
}

}  // namespace
}  // namespace harness::oracle
