#pragma once

#include <string>
#include <string_view>

/// An endpoint may live under a path, as behind an ingress: `http://127.0.0.1:4566/aws`. Requests are written
/// as if it were `/`; its base path (`/aws`; never ends in `/`, "" for none) comes before their paths when
/// they are sent.
namespace harness::wire {

/// The target of a request as it is sent: `/` becomes `/aws/`, `/x?y` becomes `/aws/x?y`. A target that is
/// not in origin form (`*`, `http://host/`; RFC 9112 §3.2) stays as it is.
std::string under_base_path(std::string_view base_path, std::string_view target);

/// The same for bytes that need not be a request: the base path is put before the first path of their first
/// line. Further requests in them stay as they are, for a byte more may break the framing that is written
/// around them.
std::string bytes_under_base_path(std::string_view base_path, std::string_view bytes);

}  // namespace harness::wire
