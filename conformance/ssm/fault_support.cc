#include "conformance/ssm/fault_support.h"

namespace conformance::ssm {

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
