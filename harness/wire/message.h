#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/result.h"

/// One request and one response as they stand on the wire: HTTP/1.1 messages (RFC 9112). No service is known
/// here.
namespace harness::wire {

/// One header line. Names keep the spelling they were written with; comparison ignores case (RFC 9110 §5.1).
struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

/// True if two header names are the same, ignoring ASCII case.
bool same_name(std::string_view a, std::string_view b);

/// Header lines in the order in which they stand in the message; duplicates are kept.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> lines) : lines_(lines) {}

  /// The value of the first line with this name, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
  /// The values of all lines with this name, in order.
  std::vector<std::string_view> all(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name).has_value(); }
  /// Appends a line, whatever is there already.
  void add(std::string name, std::string value);
  /// Replaces the first line of this name and removes the others; appends if there is none.
  void set(std::string_view name, std::string value);
  /// Removes every line of this name.
  void remove(std::string_view name);
  /// Removes every line.
  void clear();

  const std::vector<Header>& lines() const { return lines_; }
  bool operator==(const Headers&) const = default;

 private:
  std::vector<Header> lines_;
};

/// A request. Nothing is implied: what is not in `headers` is not sent.
struct Request {
  std::string method = "POST";
  std::string target = "/";  ///< the request target as sent (path and query, not decoded)
  std::string version = "HTTP/1.1";
  Headers headers;
  std::string body;
  bool operator==(const Request&) const = default;
};

/// A response. `body` is the content after transfer coding was removed.
struct Response {
  std::string version = "HTTP/1.1";
  int status = 0;
  std::string reason;
  Headers headers;
  std::string body;
  bool operator==(const Response&) const = default;
};

/// The exact bytes of the message: start line, headers in order, blank line, body. No header is added or
/// changed.
std::string to_bytes(const Request& request);
std::string to_bytes(const Response& response);

/// Reads one whole request, strictly by RFC 9112 (Content-Length and chunked bodies are understood). Fails on
/// anything that is not exactly one well-formed request, with the reason. Trailer fields are dropped. What a
/// server must ask for beyond the syntax (exactly one `Host`) is not checked.
Result<Request> parse_request(std::string_view bytes);

/// Whether the bytes begin with a HEAD request, well-formed or not: its answer has no body (RFC 9110 §9.3.2).
/// Empty lines before it are nothing (RFC 9112 §2.2).
bool begins_with_head(std::string_view bytes);

/// Reads one whole response: Content-Length, chunked, or delimited by the end of `bytes`. Headers beyond
/// `max_header_bytes` or a body beyond `max_body_bytes` are errors, so hostile input costs bounded memory.
struct ReadLimits {
  std::size_t max_header_bytes = std::size_t{64} * 1024;
  std::size_t max_body_bytes = std::size_t{16} * 1024 * 1024;
};
Result<Response> parse_response(std::string_view bytes, const ReadLimits& limits = {});

/// How one exchange ended, seen from the client.
enum class Transport {
  answered,         ///< a complete HTTP response arrived
  connect_failed,   ///< nobody listens, or the name does not resolve
  connect_timeout,  ///< no connection within the connect timeout
  tls_failed,       ///< the TLS handshake or the certificate check failed
  timed_out,        ///< connected, but no complete response within the total timeout: a hang
  reset,            ///< the peer reset the connection before a complete response
  closed,           ///< the peer closed the connection without a single byte of response
  truncated,        ///< the peer closed the connection in the middle of a response
  not_http,         ///< bytes arrived that are not an HTTP response
  too_large,        ///< the response exceeded ReadLimits
  cancelled,        ///< we stopped before an answer came
};

/// The name of the enumerator, for reports: "timed_out".
std::string_view to_string(Transport transport);

/// What became of the content coding of a response (decode_content() in content_coding.h).
enum class Content {
  plain,    ///< it has none
  decoded,  ///< the body is the decoded content; the headers are as they were sent
  opaque,   ///< it has one that was asked for, but that this program cannot decode
  broken,   ///< it has one that was not asked for, or that the content is not in: clients cannot read it
};

/// One request sent and what came back: the unit that the oracle judges.
struct Exchange {
  Transport transport = Transport::cancelled;
  std::string detail;  ///< for anything but `answered`: the reason, for people ("connection refused")
  Response response;   ///< what was read; complete only if `answered`
  std::string stray;   ///< bytes that arrived beyond the response, if any (truncated to 1 KiB)
  Content content = Content::plain;
  std::string content_note;  ///< for `opaque` and `broken`: why, for people
  bool kept_alive = false;   ///< the connection is still usable after this exchange
  bool reused = false;       ///< it was sent on a connection that had served an exchange before
  bool resent = false;  ///< sent twice: a kept-alive connection was closed before a byte answered the first
  /// The body was held back, and neither an interim response nor a final one began meanwhile.
  bool held_in_vain = false;
  std::chrono::nanoseconds duration{0};  ///< from the first byte sent to the last byte read
};

}  // namespace harness::wire
