#pragma once

#include <string>
#include <vector>

#include "harness/reference/test_support.h"

/// What tests do with documents of a reference endpoint in this process.
namespace conformance::ssm::documents::testing {

using harness::reference::Service;

/// "100000000007" for 7: a different account for each number, in the order of the numbers.
std::string account(int number);

void create(Service& service, const std::string& name);
/// Shares the document with accounts 0 to count - 1, as many calls as that takes.
void share(Service& service, const std::string& name, int count);
/// The accounts on every page, following NextToken to its end.
std::vector<std::vector<std::string>> pages(Service& service, const std::string& name, int max_results);

}  // namespace conformance::ssm::documents::testing
