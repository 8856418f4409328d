#include "conformance/ssm/parameters/scenario_support.h"

#include <fmt/format.h>

#include <utility>

#include "conformance/ssm/resources.h"

namespace conformance::ssm::parameters {
namespace {

namespace wire = harness::wire;

Json put_input(const std::string& name, const std::string& value, const Json& more) {
  Json input = {{"Name", name}, {"Value", value}};
  input.update(more);
  return input;
}

}  // namespace

// Names cannot begin with "ssm", as those of a run do.
std::string new_name(ScenarioContext& c, std::string_view purpose) {
  return "conformance-" + c.name(purpose);
}

std::string new_root(ScenarioContext& c, std::string_view purpose) {
  return "/" + new_name(c, purpose);
}

bool make(ScenarioContext& c, const std::string& name, const std::string& value, const Json& more) {
  Json input = put_input(name, value, {{"Type", "String"}});
  input.update(more);
  const Reply reply = c.try_create(kParameter, name, input);
  if (!reply.ok()) c.blocked(fmt::format("no parameter can be made: PutParameter answered {}", reply.text()));
  return reply.ok();
}

bool overwrite(ScenarioContext& c, const std::string& name, const std::string& value, const Json& more) {
  Json input = put_input(name, value, {{"Overwrite", true}});
  input.update(more);
  const Reply reply = c.call("PutParameter", input);
  return c.expect(
      reply.ok(), "relation/overwrite",
      fmt::format("PutParameter with Overwrite answers {} for {}, which is there", reply.text(), name));
}

Reply try_put(ScenarioContext& c, const std::string& name, const std::string& value, const Json& more) {
  return c.try_create(kParameter, name, put_input(name, value, more));
}

std::optional<Json> get(ScenarioContext& c, const std::string& name, bool decrypts) {
  Json input = {{"Name", name}};
  if (decrypts) input["WithDecryption"] = true;
  const Reply reply = c.call("GetParameter", input);
  if (!c.expect(reply.ok(), "relation/parameter",
                fmt::format("GetParameter answers {} for {}, which is there", reply.text(), name)))
    return std::nullopt;
  const Json* parameter = wire::member(reply.body, "Parameter");
  if (!c.expect(parameter != nullptr && parameter->is_object(), "relation/parameter",
                fmt::format("GetParameter answers without Parameter for {}", name)))
    return std::nullopt;
  return *parameter;
}

std::optional<std::vector<Json>> all_of(ScenarioContext& c, const char* operation, Json input,
                                        int page_size) {
  return ssm::all_of(c, {operation, "Parameters", "relation/parameter"}, std::move(input), page_size);
}

std::vector<std::string> names_of(const std::vector<Json>& parameters) {
  return texts_of(parameters, "Name");
}

std::vector<std::string> names_in(const Reply& reply, const char* list) {
  const Json* all = wire::member(reply.body, list);
  if (all == nullptr || !all->is_array()) return {};
  std::vector<std::string> out;
  for (const Json& one : *all)
    out.push_back(one.is_string() ? one.get<std::string>() : wire::text_member(one, "Name"));
  return out;
}

}  // namespace conformance::ssm::parameters
