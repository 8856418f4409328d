#include "conformance/ssm/fault_support.h"

#include <utility>

namespace conformance::ssm {

About about_medium(std::string name, FaultClass fault_class, std::string clause, std::string description) {
  return {std::move(name), fault_class, std::move(clause), Difficulty::medium, std::move(description)};
}

std::vector<Fault> joined(std::initializer_list<std::vector<Fault>> lists) {
  std::vector<Fault> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

std::string clause_id(std::string_view root, std::string_view clause) {
  for (const std::string_view whole :
       {"protocol/", "describe-document-permission/", "get-connection-status/", "create-document/",
        "modify-document-permission/", "delete-document/"}) {
    if (clause.starts_with(whole)) return std::string(clause);
  }
  return std::string(root).append(clause);
}

wire::Json no_accounts() {
  wire::Json output = wire::Json::object();
  output["AccountIds"] = wire::Json::array();
  output["AccountSharingInfoList"] = wire::Json::array();
  return output;
}

}  // namespace conformance::ssm
