#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/model/model.h"
#include "harness/result.h"

/// Which operations a workflow calls, by what it leaves behind (`--operations-from`).
namespace conformance {

struct CalledOperations {
  /// Names that the model has, and globs on them ("GetParameter*", of a policy).
  std::set<std::string> words;
  /// Named as calls to the service, but not in the model.
  std::set<std::string> unknown;
};

/// Reads any of these, found out by what stands in it:
/// - a list: a name or a glob on a line, `#` begins a comment;
/// - CloudTrail records, as an object, an array, the answer to LookupEvents, or one record a line
///   (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html);
/// - a botocore debug log, or any text with calls as X-Amz-Target has them ("AmazonSSM.GetParameter");
/// - an IAM policy, or any text with "ssm:GetParameter" or "ssm.GetParameter";
/// - Terraform, as its language or as JSON (`terraform show -json`): the types of resources and data sources,
///   by `terraform_types` (a text of the form of conformance/ssm/terraform.json).
/// Errors: there is nothing of this; a line of a list that is no name, with its number.
harness::Result<CalledOperations> called_operations(std::string_view text, const harness::model::Model& model,
                                                    std::string_view terraform_types);

}  // namespace conformance
