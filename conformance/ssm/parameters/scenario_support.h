#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/ssm/scenarios.h"

/// What the scenarios of Parameter Store share.
namespace conformance::ssm::parameters {

/// Scenario::last of those that are about refusals: endpoints keep something of what they refuse, which makes
/// them fail later.
inline constexpr bool kRefused = true;

/// A name that no parameter has, as names may be: without a level of its own.
std::string new_name(ScenarioContext& context, std::string_view purpose);
/// The same as the first level of a hierarchy: "/conformance-…".
std::string new_root(ScenarioContext& context, std::string_view purpose);

/// Makes a parameter (a String, unless `more` says otherwise). False if that is refused: the scenario is
/// blocked then, for it would prove nothing.
bool make(ScenarioContext& context, const std::string& name, const std::string& value,
          const Json& more = Json::object());
/// Overwrites one. False, and a defect, if that is refused.
bool overwrite(ScenarioContext& context, const std::string& name, const std::string& value,
               const Json& more = Json::object());
/// Puts one that should be refused: the answer. It is removed if it was made.
Reply try_put(ScenarioContext& context, const std::string& name, const std::string& value,
              const Json& more = Json::object());

/// The member `Parameter` of GetParameter; nothing, and a defect, if that is not answered with 200.
std::optional<Json> get(ScenarioContext& context, const std::string& name, bool decrypts = false);

/// All pages of a list of parameters, in order; nothing, and a defect, if one is not answered with 200, or
/// they do not end. `page_size` 0: as many as the endpoint likes.
std::optional<std::vector<Json>> all_of(ScenarioContext& context, const char* operation, Json input,
                                        int page_size = 0);
/// A member of what an endpoint answered; null if it is not there, or that is no object.
Json member_of(const Json& answered, std::string_view name);
/// The member `Name` of each, in order.
std::vector<std::string> names_of(const std::vector<Json>& parameters);
/// The same of a member of an answer that is a list.
std::vector<std::string> names_in(const Reply& reply, const char* list);

/// States that an answer refuses what was asked, and which errors say so. Another error of the client is
/// advice, unless `certain` says that AWS was recorded to answer so.
bool expect_refused(ScenarioContext& context, const Reply& reply, std::initializer_list<const char*> codes,
                    const std::string& what, bool certain = false);

}  // namespace conformance::ssm::parameters
