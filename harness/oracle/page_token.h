#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "harness/model/model.h"
#include "harness/oracle/rule.h"

/// Page tokens of operations whose rules say nothing of them.
namespace harness::oracle {

/// What a token breaks that no answer issued: Rule::page_token if the operation declares an error whose name
/// speaks of its token ("ExpiredMarker" of Marker), else Rule::page_token_undeclared. Nothing if the
/// operation is not paginated, or by a member that is not called as page tokens are.
std::optional<Rule> rule_of_token(const model::Operation& operation);

/// The errors whose name speaks of the operation's token: those that it declares, or, if it declares none,
/// those that other operations declare. They live as long as the model.
std::vector<std::string_view> token_errors(const model::Model& model, const model::Operation& operation);

}  // namespace harness::oracle
