#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/result.h"
#include "harness/wire/message.h"

/// Content codings (RFC 9110 §8.4): what a request asks for, and reading what an answer holds.
namespace harness::wire {

/// The content codings that a request asks for with Accept-Encoding (RFC 9110 §12.5.3).
///
///     AcceptedCodings({{"Accept-Encoding", "gzip;q=0.5, br;q=0"}}).admits("gzip")   // true; "br": false
class AcceptedCodings {
 public:
  explicit AcceptedCodings(const Headers& request);

  /// True if the coding, in lower case, stands in the header without `q=0`, or `*` stands there for it.
  /// `identity` is admitted unless it is excluded. Without the header, no other coding was asked for: HTTP
  /// lets a server send one, but says that the client may be unable to read it.
  bool admits(std::string_view coding) const;

 private:
  std::map<std::string, bool, std::less<>> named_;
  std::optional<bool> others_;  // of "*"
};

/// Why content was not decoded.
struct DecodingError {
  bool too_large = false;  ///< it decodes to more than the limit
  std::string message;     ///< for people
};

/// Decodes "gzip" (RFC 1952, any number of members) or "deflate" (RFC 1950; RFC 1951 alone is read too, for
/// many servers send it). `max_bytes` bounds the result. Bytes behind the end are ignored, as clients do.
tl::expected<std::string, DecodingError> decode(std::string_view coding, std::string_view content,
                                                std::size_t max_bytes);

/// Encodes with "gzip" or "deflate"; anything else stays as it is.
std::string encode(std::string_view coding, std::string_view content);

/// Decodes the body of an answer in place if its coding was asked for by the request, and says in
/// `exchange.content` what became of it. The headers stay as they were sent. To be called once, where an
/// exchange ends, so that all others see the content. What decodes to more than `limits` allows becomes
/// Transport::too_large. Answers to bytes that are no HTTP request are left alone.
void decode_content(Exchange& exchange, std::string_view request_bytes, const ReadLimits& limits = {});

}  // namespace harness::wire
