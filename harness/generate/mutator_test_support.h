#pragma once

#include <string>

#include "harness/generate/mutator.h"
#include "harness/model/built_in_for_test.h"

/// What the tests of the mutator share.
namespace harness::generate::testing_support {

using model::testing_support::built_in_model;

// The operations that the pack knows by more than their model.
inline MutatorOptions of_families() {
  MutatorOptions options;
  options.operations = {"CreateDocument", "DeleteDocument", "DescribeDocumentPermission",
                        "GetConnectionStatus", "ModifyDocumentPermission"};
  return options;
}

inline const Mutator& mutator() {
  static const Mutator value(built_in_model(), of_families());
  return value;
}

inline Vocabulary vocabulary() {
  Vocabulary v;
  v.by_member = {{"Name", {"{{document}}", "{{shared-document}}"}},
                 {"NextToken", {"{{token}}"}},
                 {"Target", {"{{connected-node}}", "{{node}}"}}};
  return v;
}

/// A valid request for DescribeDocumentPermission.
inline const std::string& describe() {
  static const std::string text =
      "# A valid request\nPOST / HTTP/1.1\nX-Amz-Target: AmazonSSM.DescribeDocumentPermission\n"
      "Content-Type: application/x-amz-json-1.1\n\n"
      R"({"Name":"{{document}}","PermissionType":"Share","MaxResults":20})"
      "\n";
  return text;
}

}  // namespace harness::generate::testing_support
