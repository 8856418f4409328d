#include "harness/oracle/permitted_by_header.h"

#include <algorithm>

#include "harness/base/ascii.h"
#include "harness/wire/list_header.h"

namespace harness::oracle {
namespace {

std::vector<HeaderPermission> make_header_permissions() {
  const std::vector<int> conditional = {304, 412};
  return {
      {"max-forwards", {400, 404}, "RFC 9110 §7.6.2, Max-Forwards", {}},
      {"expect", {417}, "RFC 9110 §10.1.1, Expect", {}},
      {"referer", {403}, "RFC 9110 §10.1.3, Referer", {}},
      {"proxy-authorization", {407}, "RFC 9110 §11.7.2, Proxy-Authorization", {}},
      {"accept", {406}, "RFC 9110 §12.5.1, Accept", {}, "*/*"},
      {"accept-charset", {406}, "RFC 9110 §12.5.2, Accept-Charset", {}},
      {"accept-encoding", {406}, "RFC 9110 §12.5.3, Accept-Encoding", {}, "identity"},
      {"accept-language", {406}, "RFC 9110 §12.5.4, Accept-Language", {}},
      {"if-match", conditional, "RFC 9110 §13.1.1, If-Match", {}},
      {"if-none-match", conditional, "RFC 9110 §13.1.2, If-None-Match", {}},
      {"if-modified-since", conditional, "RFC 9110 §13.1.3, If-Modified-Since", {}},
      {"if-unmodified-since", conditional, "RFC 9110 §13.1.4, If-Unmodified-Since", {}},
      {"if-range", {206, 304, 412, 416}, "RFC 9110 §13.1.5, If-Range", {}},
      {"range", {206, 416}, "RFC 9110 §14.2, Range", {}},
      {"content-range", {400}, "RFC 9110 §14.5, Content-Range", {}},
      {"cache-control", {504}, "RFC 9111 §5.2.1.7, only-if-cached", "only-if-cached"},
      {"origin", {403}, "RFC 6454 §7.3, Origin", {}},
      {"content-md5", {400}, "RFC 1864, Content-MD5", {}},
      {"content-digest", {400}, "RFC 9530 §2, Content-Digest", {}},
      {"repr-digest", {400}, "RFC 9530 §3, Repr-Digest", {}},
      {"digest", {400}, "RFC 3230 §4.3.2, Digest", {}},
      {"early-data", {425}, "RFC 8470 §5.2, Early-Data", {}},
  };
}

}  // namespace

std::span<const HeaderPermission> header_permissions() {
  static const std::vector<HeaderPermission> rows = make_header_permissions();
  return rows;
}

std::vector<const HeaderPermission*> permissions_of(const wire::Headers& headers) {
  std::vector<const HeaderPermission*> out;
  for (const HeaderPermission& row : header_permissions()) {
    const auto values = headers.all(row.header);
    const bool selected = std::any_of(values.begin(), values.end(), [&](std::string_view value) {
      const std::string lower = base::lower(base::trimmed(value));
      return lower.find(row.value_with) != std::string::npos && (row.but_not.empty() || lower != row.but_not);
    });
    if (selected) out.push_back(&row);
  }
  return out;
}

std::string_view removable_header(const wire::Headers& headers) {
  std::string_view found;
  wire::each_list_element(headers, "connection", [&](std::string_view option) {
    const bool for_the_next_hop = wire::same_name(option, "te") || wire::same_name(option, "upgrade") ||
                                  wire::same_name(option, "keep-alive") ||
                                  wire::same_name(option, "connection");
    if (!for_the_next_hop && headers.contains(option)) found = option;
  });
  return found;
}

bool asks_for_transfer_coding(const wire::Headers& headers) {
  bool asks = false;
  wire::each_list_element(headers, "te", [&](std::string_view element) {
    const auto coding = base::lower(base::trimmed(element.substr(0, element.find(';'))));
    asks |= coding != "trailers";
  });
  return asks;
}

}  // namespace harness::oracle
