#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

#include "harness/base/ascii.h"
#include "harness/endpoint/network.h"

namespace harness::endpoint {
namespace {

/// The host goes into the Host header as it is, so nothing but the characters of names and addresses may
/// pass.
bool plain_host(std::string_view host) {
  for (const char c : host) {
    const bool fine = base::is_letter(c) || base::is_digit(c) || c == '.' || c == '-' || c == '_';
    if (!fine) return false;
  }
  return !host.empty();
}

/// For an error, which is one line and may go to a terminal: a URL is printable ASCII (RFC 3986 §2), and what
/// is not one may be anything.
std::string shown(std::string_view url) {
  constexpr std::size_t kMost = 200;
  std::string out;
  for (const char c : url.substr(0, kMost)) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  return url.size() > kMost ? out + "..." : out;
}

tl::unexpected<Error> unusable(std::string_view url, std::string_view why) {
  return fail(fmt::format("endpoint URL \"{}\": {}", shown(url), why));
}

}  // namespace

Result<UrlParts> parse_endpoint_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
  if (!parsed) return unusable(url, "not a URL; expected something like http://127.0.0.1:4566");
  const boost::urls::url_view& view = parsed.value();

  UrlParts parts;
  if (view.scheme_id() == boost::urls::scheme::https)
    parts.tls = true;
  else if (view.scheme_id() != boost::urls::scheme::http)
    return unusable(url, "the scheme must be http or https, as in http://127.0.0.1:4566");
  if (!view.has_authority()) return unusable(url, "no host; expected something like http://127.0.0.1:4566");
  if (view.has_userinfo()) {
    // Without what is most likely a secret.
    const std::string rest(view.encoded_host_and_port());
    return unusable((parts.tls ? "https://...@" : "http://...@") + rest,
                    "a user or password is not supported");
  }
  if (view.has_query() || view.has_fragment()) return unusable(url, "a query or fragment is not supported");
  std::string path(view.encoded_path().data(), view.encoded_path().size());
  if (!path.empty() && path[0] != '/')  // what follows the colon is no port, and was taken for a path
    return unusable(url, "the port must be a number from 1 to 65535");
  while (path.ends_with('/')) path.pop_back();
  constexpr std::size_t kLongestPath = 1000;
  if (path.size() > kLongestPath) return unusable(url, "the path is longer than 1,000 characters");
  parts.base_path = std::move(path);

  std::string in_header;
  if (view.host_type() == boost::urls::host_type::ipv6) {
    parts.host = view.host_address();
    in_header = "[" + parts.host + "]";
  } else {
    const auto encoded = view.encoded_host();
    parts.host.assign(encoded.data(), encoded.size());
    if (!plain_host(parts.host)) return unusable(url, "the host is neither a name nor an IP address");
    in_header = parts.host;
  }

  const std::string_view default_port = parts.tls ? "443" : "80";
  parts.port = default_port;
  if (const auto text = view.port(); !text.empty()) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > 65535)
      return unusable(url, "the port must be a number from 1 to 65535");
    parts.port = std::to_string(number);
  }
  // As every HTTP client does (and as the SDKs sign it): the default port is not written.
  parts.authority = parts.port == default_port ? in_header : in_header + ":" + parts.port;
  return parts;
}

}  // namespace harness::endpoint
