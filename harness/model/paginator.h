#pragma once

#include <optional>
#include <string_view>

#include "harness/model/model.h"
#include "harness/wire/json.h"

/// Paginators of operations whose model names none.
namespace harness::model {

/// What the names of members say: an optional text of the input and a text of the output that are called as
/// page tokens usually are ("NextToken" both, "Marker" and "NextMarker"). The page size is an integer of the
/// input with a usual name ("MaxResults", "Limit"), the items are the only list of the output. Nothing if
/// there are no such tokens.
std::optional<Paginator> infer_paginator(const Shape& input, const Shape& output);

/// Whether a member is called as page tokens usually are. What it holds means nothing to clients then, and
/// comes from an answer; other members page by what anybody may make up ("StartAfterName").
bool names_page_token(std::string_view member);

/// The token that an answer issues; "" if it issues none, or one that is no text.
std::string_view issued_token(const Paginator& paginator, const wire::Json& output);

}  // namespace harness::model
