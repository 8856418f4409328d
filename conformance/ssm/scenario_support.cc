#include "conformance/ssm/scenario_support.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace conformance::ssm {
namespace {

namespace wire = harness::wire;

constexpr int kMaxPages = 60;

}  // namespace

std::optional<std::vector<Json>> all_of(ScenarioContext& c, const List& list, Json input, int page_size) {
  if (page_size > 0) input["MaxResults"] = page_size;
  std::vector<Json> out;
  std::set<std::string> tokens;
  for (int page = 0; page < kMaxPages; ++page) {
    const Reply reply = c.call(list.operation, input);
    if (!c.expect(reply.ok(), list.rule,
                  fmt::format("{} answers page {} with {}", list.operation, page + 1, reply.text())))
      return std::nullopt;
    const Json* items = wire::member(reply.body, list.member);
    const std::size_t count = items != nullptr && items->is_array() ? items->size() : 0;
    c.expect(page_size == 0 || count <= static_cast<std::size_t>(page_size), "relation/page-size",
             fmt::format("{} answers {} {} at MaxResults {}", list.operation, count, list.member, page_size));
    for (std::size_t i = 0; i < count; ++i) out.push_back((*items)[i]);
    const std::string token = wire::text_member(reply.body, "NextToken");
    if (token.empty()) return out;
    if (!c.expect(tokens.insert(token).second, "relation/paging-ends",
                  fmt::format("{} gives one NextToken twice: its pages never end", list.operation)))
      return std::nullopt;
    input["NextToken"] = token;
  }
  c.unchecked(fmt::format("{} has more than {} pages", list.operation, kMaxPages));
  return std::nullopt;
}

Json member_of(const Json& answered, std::string_view name) {
  const Json* member = answered.is_object() ? wire::member(answered, name) : nullptr;
  return member == nullptr ? Json() : *member;
}

std::vector<std::string> texts_of(const std::vector<Json>& items, std::string_view member) {
  std::vector<std::string> out;
  for (const Json& item : items) out.push_back(wire::text_member(item, member));
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

}  // namespace conformance::ssm
