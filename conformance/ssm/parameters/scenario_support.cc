#include "conformance/ssm/parameters/scenario_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/ssm/resources.h"

namespace conformance::ssm::parameters {
namespace {

namespace wire = harness::wire;

constexpr int kMaxPages = 60;

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
  if (page_size > 0) input["MaxResults"] = page_size;
  std::vector<Json> out;
  std::set<std::string> tokens;
  for (int page = 0; page < kMaxPages; ++page) {
    const Reply reply = c.call(operation, input);
    if (!c.expect(reply.ok(), "relation/parameter",
                  fmt::format("{} answers page {} with {}", operation, page + 1, reply.text())))
      return std::nullopt;
    const Json* list = wire::member(reply.body, "Parameters");
    const std::size_t count = list != nullptr && list->is_array() ? list->size() : 0;
    c.expect(page_size == 0 || count <= static_cast<std::size_t>(page_size), "relation/page-size",
             fmt::format("{} answers {} Parameters at MaxResults {}", operation, count, page_size));
    for (std::size_t i = 0; i < count; ++i) out.push_back((*list)[i]);
    const std::string token = wire::text_member(reply.body, "NextToken");
    if (token.empty()) return out;
    if (!c.expect(tokens.insert(token).second, "relation/paging-ends",
                  fmt::format("{} gives one NextToken twice: its pages never end", operation)))
      return std::nullopt;
    input["NextToken"] = token;
  }
  c.unchecked(fmt::format("{} has more than {} pages", operation, kMaxPages));
  return std::nullopt;
}

Json member_of(const Json& answered, std::string_view name) {
  const Json* member = answered.is_object() ? wire::member(answered, name) : nullptr;
  return member == nullptr ? Json() : *member;
}

std::vector<std::string> names_of(const std::vector<Json>& parameters) {
  std::vector<std::string> out;
  for (const Json& p : parameters) out.push_back(wire::text_member(p, "Name"));
  return out;
}

std::vector<std::string> names_in(const Reply& reply, const char* list) {
  const Json* all = wire::member(reply.body, list);
  if (all == nullptr || !all->is_array()) return {};
  std::vector<std::string> out;
  for (const Json& one : *all)
    out.push_back(one.is_string() ? one.get<std::string>() : wire::text_member(one, "Name"));
  return out;
}

bool expect_refused(ScenarioContext& c, const Reply& reply, std::initializer_list<const char*> codes,
                    const std::string& what, bool certain) {
  const int status = reply.exchange.response.status;
  const bool answered = reply.exchange.transport == wire::Transport::answered;
  if (!c.expect(!reply.ok(), "relation/refused", fmt::format("{} is answered with {}", what, reply.text())))
    return false;
  // What fails otherwise, the judge says.
  if (!answered || status < 400 || status >= 500) return false;
  // As the page of common errors spells it.
  const std::string code = reply.code == "ValidationError" ? "ValidationException" : reply.code;
  const bool named =
      std::any_of(codes.begin(), codes.end(), [&](const char* wanted) { return code == wanted; });
  const std::string message =
      fmt::format("{} is answered with {}, where {} says so", what, reply.text(), *codes.begin());
  return certain ? c.expect(named, "relation/refused-otherwise", message)
                 : c.advise(named, "relation/refused-otherwise", message);
}

}  // namespace conformance::ssm::parameters
