#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/ssm/scenarios.h"

/// What the scenarios of all families share.
namespace conformance::ssm {

/// Scenario::last of those that are about refusals: endpoints keep something of what they refuse, which makes
/// them fail later.
inline constexpr bool kRefused = true;

/// A list that an operation answers in pages.
struct List {
  const char* operation;
  const char* member;     ///< of the answer, which is the list
  std::string_view rule;  ///< of the defect that a page is not answered
};
/// All pages of a list, in order; nothing, and a defect, if one is not answered with 200, or they do not end.
/// `page_size` 0: as many as the endpoint likes.
std::optional<std::vector<Json>> all_of(ScenarioContext& context, const List& list, Json input,
                                        int page_size = 0);

/// A member of what an endpoint answered; null if it is not there, or that is no object.
Json member_of(const Json& answered, std::string_view name);
/// A text member of each, in order.
std::vector<std::string> texts_of(const std::vector<Json>& items, std::string_view member);

/// States that an answer refuses what was asked, and which errors say so. Another error of the client is
/// advice, unless `certain` says that AWS was recorded to answer so.
bool expect_refused(ScenarioContext& context, const Reply& reply, std::initializer_list<const char*> codes,
                    const std::string& what, bool certain = false);

}  // namespace conformance::ssm
