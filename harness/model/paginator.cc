#include "harness/model/paginator.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/base/ascii.h"

namespace harness::model {
namespace {

// In lower case, as AWS's services call them.
constexpr std::array<std::string_view, 7> kTokens = {"nexttoken",        "nextpagetoken", "pagetoken",
                                                     "paginationtoken",  "marker",        "nextmarker",
                                                     "continuationtoken"};
constexpr std::array<std::string_view, 6> kPageSizes = {"maxresults", "limit",      "maxitems",
                                                        "pagesize",   "maxrecords", "maximumpagesize"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), base::lower(name)) != names.end();
}

// "NextToken" for NextToken, "NextMarker" for Marker; nullptr if the output has neither as a text.
const Member* output_token_for(const Member& token, const Shape& output) {
  const std::string same = base::lower(token.name);
  for (const std::string& wanted : {same, "next" + same}) {
    for (const Member& m : output.members) {
      if (m.target->type == ShapeType::string && base::lower(m.name) == wanted) return &m;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Paginator> infer_paginator(const Shape& input, const Shape& output) {
  Paginator out;
  for (const Member& m : input.members) {
    if (is_integer(m.target->type) && is_one_of(kPageSizes, m.name)) out.page_size = m.name;
    if (m.target->type != ShapeType::string || m.constraints.required || !names_page_token(m.name)) continue;
    const Member* next = output_token_for(m, output);
    if (next == nullptr) continue;
    out.input_token = m.name;
    out.output_token = next->name;
  }
  if (out.input_token.empty()) return std::nullopt;
  const auto is_list = [](const Member& m) { return m.target->type == ShapeType::list; };
  const auto list = std::find_if(output.members.begin(), output.members.end(), is_list);
  if (list != output.members.end() && std::none_of(list + 1, output.members.end(), is_list))
    out.items = list->name;
  return out;
}

bool names_page_token(std::string_view member) {
  return is_one_of(kTokens, member);
}

std::string_view issued_token(const Paginator& paginator, const wire::Json& output) {
  const wire::Json* at = &output;
  for (std::string_view path = paginator.output_token; !path.empty();) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (!at->is_object()) return {};
    const auto it = at->find(name);
    if (it == at->end()) return {};
    at = &*it;
  }
  return at->is_string() ? std::string_view(at->get_ref<const std::string&>()) : std::string_view();
}

}  // namespace harness::model
