#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "harness/wire/message.h"

/// Which other answers a request's own headers admit by HTTP, whatever the operation says.
///
/// Headers that change what the message is, and not only its answer, are rules of classify() instead:
/// Connection (RFC 9110 §7.6.1), Content-Encoding and Content-Type (§8.3, §8.4), Content-Length and
/// Transfer-Encoding (RFC 9112 §6), TE and Upgrade (§10.1.4, §7.8), Authorization (§11.6). The other request
/// headers of RFC 9110 (Date, From, Trailer, User-Agent, Via) admit no other answer.
namespace harness::oracle {

/// One row: a header of a request, and the statuses that it admits.
struct HeaderPermission {
  std::string_view header;        ///< in lower case
  std::vector<int> statuses;      ///< 2xx only where the request may succeed at all
  std::string_view because;       ///< for people, with the section: "RFC 9110 §10.1.1, Expect"
  std::string_view value_with;    ///< only if the value holds this, in lower case; "" for any value
  std::string_view but_not = {};  ///< not if the whole value is this, in lower case
};

/// Every row, in the order of RFC 9110.
std::span<const HeaderPermission> header_permissions();

/// The rows that the headers of a request select.
std::vector<const HeaderPermission*> permissions_of(const wire::Headers& headers);

/// The name of a header that Connection names and that the request has, so that an intermediary may have
/// removed it (RFC 9110 §7.6.1); "" if there is none. Headers that are meant for the next hop alone (TE,
/// Upgrade, Keep-Alive) do not count.
std::string_view removable_header(const wire::Headers& headers);

/// True if TE asks for a transfer coding of the answer, which this program does not read (RFC 9110 §10.1.4).
bool asks_for_transfer_coding(const wire::Headers& headers);

}  // namespace harness::oracle
