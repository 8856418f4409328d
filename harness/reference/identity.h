#pragma once

#include <string>

namespace harness::reference {

/// What a service is called where the model's target prefix is not the name. The values of SQS, say:
struct Identity {
  std::string signing_name;     ///< the service in a credential scope: "sqs"
  std::string shape_namespace;  ///< of shape ids: "com.amazonaws.sqs"
  std::string version;          ///< that may follow the prefix in X-Amz-Target, behind a `_`: "20121105"
};

}  // namespace harness::reference
