#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/ssm/scenario_support.h"

/// What the scenarios of Parameter Store share.
namespace conformance::ssm::parameters {

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

/// All pages of a list of parameters, as List has them.
std::optional<std::vector<Json>> all_of(ScenarioContext& context, const char* operation, Json input,
                                        int page_size = 0);
/// The member `Name` of each, in order.
std::vector<std::string> names_of(const std::vector<Json>& parameters);
/// The same of a member of an answer that is a list.
std::vector<std::string> names_in(const Reply& reply, const char* list);

}  // namespace conformance::ssm::parameters
