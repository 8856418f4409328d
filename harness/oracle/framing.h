#pragma once

#include <string_view>

#include "harness/oracle/classify.h"

/// Bytes that are no HTTP/1.1 request, or not surely one: which of the rules about framing they break.
namespace harness::oracle {

/// For bytes that wire::parse_request() refuses, with its reason: `request_line`, `incomplete` or `framing`.
Rule broken_framing(std::string_view bytes, std::string_view reason);

/// True for requests that our own parser reads, but that RFC 9112 lets a server refuse: a header folded over
/// lines, Content-Length repeated or written as a list.
bool refusable_head(std::string_view bytes);

}  // namespace harness::oracle
