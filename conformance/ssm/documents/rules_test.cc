#include "conformance/ssm/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/oracle/table_test_support.h"

namespace conformance::ssm::rules_test {
namespace {

using harness::oracle::Classification;
using harness::oracle::Level;
using harness::oracle::OperationRules;
using harness::oracle::Outcome;
using harness::oracle::Row;
using harness::oracle::testing_support::Expected;
using F = harness::oracle::Force;
using P = harness::oracle::Provenance;
using R = harness::oracle::Rule;

std::vector<Expected> expected_rows() {
  const Outcome serialization{400, "SerializationException", P::recorded};
  const Outcome validation{400, "ValidationException", P::recorded};
  const Outcome validation_error{400, "ValidationError", P::common_errors};
  const Outcome missing_parameter{400, "MissingParameter", P::older_common_errors};
  const Outcome invalid_document{400, "InvalidDocument", P::api_reference};
  const Outcome invalid_content{400, "InvalidDocumentContent", P::api_reference};
  const std::vector<Outcome> too_many_accounts = {{400, "ValidationException", P::inferred},
                                                  {400, "ValidationError", P::common_errors},
                                                  {400, "DocumentPermissionLimit", P::api_reference}};
  const std::vector<Outcome> no_content = {validation, validation_error, invalid_content};
  const std::vector<Outcome> no_version = {
      validation, validation_error, invalid_document, {400, "InvalidDocumentVersion", P::inferred}};
  const std::vector<Outcome> bad_token = {{400, "InvalidNextToken", P::api_reference},
                                          {400, "ValidationException", P::inferred},
                                          validation_error};
  const std::vector<Outcome> name_taken = {{400, "DocumentAlreadyExists", P::api_reference},
                                           {400, "InvalidDocumentContent", P::api_reference},
                                           {400, "InvalidDocumentSchemaVersion", P::api_reference},
                                           {400, "MaxDocumentSizeExceeded", P::api_reference},
                                           {400, "DocumentLimitExceeded", P::api_reference}};
  return {
      {R::type,
       "Content",
       F::rejects,
       {serialization, {400, "ValidationException", P::inferred}, validation_error, invalid_content},
       serialization},
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
      {R::length, "Name", F::rejects, {validation, validation_error, invalid_document}, validation},
      {R::length, "Content", F::rejects, no_content, validation},
      {R::length, "AccountIdsToAdd", F::rejects, too_many_accounts, {}},
      {R::length, "AccountIdsToRemove", F::rejects, too_many_accounts, {}},
      {R::pattern, "Name", F::rejects, {validation, validation_error, invalid_document}, validation},
      {R::pattern, "DocumentVersion", F::rejects, no_version, validation},
      {R::pattern, "VersionName", F::rejects, no_version, validation},
      {R::enumeration,
       "PermissionType",
       F::rejects,
       {{400, "InvalidPermissionType", P::disputed},
        {400, "ValidationException", P::disputed},
        validation_error},
       {}},
      {R::state, "document-unknown", F::permits, {invalid_document}, {}},
      {R::state, "document-may-exist", F::permits, name_taken, {}},
      {R::state,
       "document-absent",
       F::rejects,
       {{400, "InvalidDocument", P::recorded}},
       Outcome{400, "InvalidDocument", P::recorded}},
      {R::state,
       "document-aws-owned",
       F::advises,
       {{400, "InvalidDocument", P::inferred},
        {403, "InvalidDocument", P::inferred},
        {400, "AccessDeniedException", P::inferred},
        {403, "AccessDeniedException", P::inferred}},
       {}},
      {R::state,
       "document-shared",
       F::rejects,
       {{400, "InvalidDocumentOperation", P::recorded}},
       Outcome{400, "InvalidDocumentOperation", P::recorded}},
      {R::state, "document-exists", F::rejects, name_taken, {}},
      {R::state, "token-unknown", F::permits, bad_token, {}},
      {R::state, "token-empty", F::permits, bad_token, {}},
      {R::state, "token-not-issued", F::rejects, bad_token, {}},
      {R::state, "token-of-other-document", F::rejects, bad_token, {}},
      {R::state,
       "nothing-to-modify",
       F::rejects,
       {{400, "InvalidParameterException", P::recorded}},
       Outcome{400, "InvalidParameterException", P::recorded}},
  };
}

const OperationRules& rules_of(const char* operation) {
  const OperationRules* found = rules().find(operation);
  EXPECT_NE(found, nullptr) << operation;
  static const OperationRules none;
  return found == nullptr ? none : *found;
}

TEST(DocumentRows, AreExactlyTheExpectedOnesForEveryOperation) {
  for (const char* operation :
       {"CreateDocument", "DeleteDocument", "DescribeDocumentPermission", "ModifyDocumentPermission"}) {
    SCOPED_TRACE(operation);
    harness::oracle::testing_support::expect_rows(rules_of(operation).rows, expected_rows());
  }
}

TEST(NodeRows, AreExactlyTheExpectedOnes) {
  harness::oracle::testing_support::expect_rows(rules_of("GetConnectionStatus").rows,
                                                {{R::state, "node-unknown", F::advises, {}, {}}});
}

TEST(Rows, AreSound) {
  for (const auto& [operation, of_operation] : rules().by_operation()) {
    SCOPED_TRACE(operation);
    harness::oracle::testing_support::expect_sound(of_operation.rows);
  }
}

TEST(Mutants, OfEveryRowAreNoticed) {
  std::size_t mutants = 0;
  for (const auto& [operation, of_operation] : rules().by_operation()) {
    SCOPED_TRACE(operation);
    mutants += harness::oracle::testing_support::expect_mutants_noticed(
        of_operation.rows, [](Classification c, Level level, std::span<const Row> rows) {
          OperationRules own;
          own.rows = {rows.begin(), rows.end()};
          c.rules = &own;
          auto e = harness::oracle::admissible(c, level);
          e.rows.clear();  // they end here
          return e;
        });
  }
  EXPECT_GT(mutants, 500U);
}

}  // namespace
}  // namespace conformance::ssm::rules_test
