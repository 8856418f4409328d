#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/model.h"
#include "harness/result.h"
#include "harness/wire/json.h"

/// A valid request for each operation: what every derived case and every vector starts from.
namespace harness::run {

/// The members of an input as (name, JSON text), in the order in which they are sent. JSON text may hold
/// placeholders.
using InputText = std::vector<std::pair<std::string, std::string>>;

/// "{"Name":"{{thing}}","MaxResults":1}"
std::string to_body(const InputText& input);

struct Example {
  InputText input;     ///< the smallest valid input
  InputText optional;  ///< a valid value for each further member
  /// Made from the model: nothing else says that it is valid (Case::by_model).
  bool by_model = false;
};

/// By operation.
using Examples = std::map<std::string, Example, std::less<>>;

/// `examples.json`: {"ListThings": {"input": {…}, "optional": {…}}, …}
Result<Examples> load_examples(std::string_view json);

/// By operation.
using Inputs = std::map<std::string, wire::Json, std::less<>>;

/// `inputs.json`: {"GetThing": {"Name": "{{thing}}"}, …}: what operations are called with of which nothing
/// but the model is known, where the model alone gives nothing that a service takes.
Result<Inputs> load_inputs(std::string_view json);

/// The HTTP text of a request with this body: POST /, target, content type.
std::string request_text(const model::ServiceIdentity& service, std::string_view operation,
                         std::string_view body);

}  // namespace harness::run
