#include "harness/wire/shell_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <vector>

#include "harness/wire/base_path.h"
#include "harness/wire/shell_quote.h"

namespace harness::wire {
namespace {

using Signing = CurlOptions::Signing;

/// Where a line connects to.
struct Place {
  bool tls = false;
  std::string authority;  ///< as it stands in a URL
  std::string host_line;  ///< as curl writes it into Host: without the scheme's own port
  std::string host;       ///< for nc: without brackets
  std::string port;
  bool named = false;  ///< the host is a name, not an address
  std::string base_path;
};

Place place_of(const std::string& url) {
  Place out;
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) {  // cannot happen after the endpoint was reached; the line then shows what was given
    out.authority = out.host_line = out.host = url;
    out.port = "80";
    return out;
  }
  out.tls = parsed->scheme() == "https";
  out.host = parsed->host_address();
  out.named = parsed->host_type() == boost::urls::host_type::name;
  const std::string own_port = out.tls ? "443" : "80";
  out.port = parsed->has_port() && !parsed->port().empty() ? std::string(parsed->port()) : own_port;
  const std::string host(parsed->encoded_host());
  out.host_line = out.port == own_port ? host : host + ":" + out.port;
  out.authority = parsed->has_port() ? host + ":" + out.port : host;
  out.base_path = std::string(parsed->encoded_path());
  while (out.base_path.ends_with('/')) out.base_path.pop_back();
  return out;
}

bool is_token(std::string_view text) {
  static constexpr std::string_view kToken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~";
  return !text.empty() && text.find_first_not_of(kToken) == std::string_view::npos;
}

bool has_line_break_or_nul(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// curl would leave out a value of blanks only, and passes everything else on as it is.
bool curl_can_send(const Header& line) {
  constexpr std::size_t kMaxWord = 100'000;  // Linux refuses a word of 128 KiB
  return is_token(line.name) && !has_line_break_or_nul(line.value) && line.value.size() < kMaxWord &&
         (line.value.empty() || line.value.find_first_not_of(" \t") != std::string::npos);
}

bool curl_can_send(const Request& request) {
  const auto& lines = request.headers.lines();
  const auto sendable = [](const Header& line) { return curl_can_send(line); };
  if (!is_token(request.method) || request.target.empty() || has_line_break_or_nul(request.target))
    return false;
  if (request.version != "HTTP/1.1" && request.version != "HTTP/1.0") return false;
  if (!std::all_of(lines.begin(), lines.end(), sendable)) return false;
  if (request.headers.contains("Transfer-Encoding") || request.headers.all("Host").size() > 1) return false;
  if (request.method == "HEAD" && !request.body.empty())
    return false;  // curl would wait for the answer's body
  const auto lengths = request.headers.all("Content-Length");
  if (lengths.empty()) return request.body.empty();
  return lengths.size() == 1 && lengths[0] == std::to_string(request.body.size());
}

/// A target that may stand in a URL as it is: neither curl nor its globbing changes anything.
bool fits_url(std::string_view target) {
  static constexpr std::string_view kPath =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%";
  return target[0] == '/' && target.find_first_not_of(kPath) == std::string_view::npos;
}

class CurlLine {
 public:
  CurlLine(const Request& request, const CurlOptions& options)
      : request_(request),
        options_(options),
        place_(place_of(options.url)),
        signed_(options.signing != Signing::none) {}

  std::string text() {
    start();
    sign();
    headers();
    const std::string input = body();
    target();
    std::string line = input + line_;
    if (!obstacle_.empty()) {
      line +=
          fmt::format("  # where signatures are verified, this is refused: curl cannot sign {}", obstacle_);
    }
    return line;
  }

 private:
  void add(std::string_view word) {
    if (!line_.empty()) line_ += ' ';
    line_ += word;
  }
  void add(std::string_view option, std::string_view value) {
    add(option);
    add(shell_word(value));
  }
  bool has_data() const { return request_.headers.contains("Content-Length") && request_.method != "HEAD"; }
  /// Notes the first reason why curl's signature will be wrong.
  void cannot_sign(std::string_view what) {
    if (signed_ && obstacle_.empty()) obstacle_ = what;
  }

  void start() {
    add(request_.version == "HTTP/1.0" ? "curl -q -sSi --http1.0 --noproxy '*'"
                                       : "curl -q -sSi --http1.1 --noproxy '*'");
    if (place_.tls && options_.insecure) add("-k");
    if (place_.tls && !options_.insecure && options_.ca_bundle) add("--cacert", *options_.ca_bundle);
    if (request_.method == "HEAD") {
      add("-I");
    } else if (request_.method != (has_data() ? "POST" : "GET")) {
      add("-X", request_.method);
    }
  }

  void sign() {
    if (!signed_) {
      if (options_.date) add("-H \"X-Amz-Date: $(date -u +%Y%m%dT%H%M%SZ)\"");
      return;
    }
    add("--aws-sigv4", fmt::format("aws:amz:{}:{}", options_.region, options_.service));
    if (options_.signing == Signing::literal) return add("--user test:test");
    add("--user \"${AWS_ACCESS_KEY_ID:?}:${AWS_SECRET_ACCESS_KEY:?}\"");
    if (options_.session_token) add("-H \"X-Amz-Security-Token: ${AWS_SESSION_TOKEN:?}\"");
  }

  void headers() {
    const Headers& all = request_.headers;
    // -A, unlike -H, is never signed.
    const auto agents = all.all("User-Agent");
    const bool one_agent = agents.size() == 1 && !agents[0].empty();
    if (agents.empty() || one_agent) add("-A", one_agent ? agents[0] : "");
    // curl 7.88 signs what `-H 'Name:'` leaves out, so that is only for requests that it does not sign.
    if (!signed_ && !all.contains("Accept")) add("-H Accept:");
    if (!signed_ && request_.body.size() > 1000 && !all.contains("Expect")) add("-H Expect:");
    if (!all.contains("Host")) {
      add("-H Host:");
      cannot_sign("a request without Host");
    }
    if (has_data() && !all.contains("Content-Type")) {
      add("-H Content-Type:");
      cannot_sign("a request without Content-Type");
    }
    for (const Header& line : all.lines()) {
      if (same_name(line.name, "Content-Length") && has_data()) continue;  // curl counts the same
      if (same_name(line.name, "User-Agent") && one_agent) continue;
      if (same_name(line.name, "Host") && line.value == place_.host_line) continue;
      header(line);
    }
  }

  void header(const Header& line) {
    if (all_of(line.name) > 1) cannot_sign("a header that stands twice");
    if (line.value.empty()) cannot_sign("an empty header");
    if (same_name(line.name, "X-Amz-Date")) cannot_sign("with a date that is given");
    add("-H", line.value.empty() ? line.name + ";" : line.name + ": " + line.value);
  }
  std::size_t all_of(std::string_view name) const { return request_.headers.all(name).size(); }

  /// Adds the body's option; returns what feeds it, with the pipe, or "".
  std::string body() {
    if (!has_data()) return "";
    const std::string& bytes = request_.body;
    constexpr std::size_t kMaxWord = 65'536;
    constexpr std::size_t kMayBeLong = 1000;
    const bool no_word = bytes.size() > kMaxWord || bytes.find('\0') != std::string::npos;
    if (no_word || bytes.size() > kMayBeLong) {
      std::string output = shell_output(bytes);
      if (no_word || output.size() < bytes.size() / 2) {
        add("--data-binary @-");
        return output + " | ";
      }
    }
    add(!bytes.empty() && bytes[0] == '@' ? "--data-raw" : "--data-binary", bytes);
    return "";
  }

  void target() {
    const std::string origin = (place_.tls ? "https://" : "http://") + place_.authority;
    const std::string& target = request_.target;
    if (!fits_url(target)) {
      add("--request-target", target);
      cannot_sign("a target of this kind");
      return add(shell_word(origin + "/"));
    }
    if (target.find("/.") != std::string::npos) add("--path-as-is");
    // AWS signs a path with everything else escaped; curl 7.88 signs it as it is.
    static constexpr std::string_view kPlainPath =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    if (target.find_first_not_of(kPlainPath) != std::string::npos) cannot_sign("a query or an escaped path");
    add(shell_word(origin + target));
  }

  const Request& request_;
  const CurlOptions& options_;
  Place place_;
  bool signed_;
  std::string line_;
  std::string obstacle_;
};

bool left_out(const HttpText& text, std::string_view name) {
  return std::any_of(text.without.begin(), text.without.end(),
                     [&](const std::string& other) { return same_name(other, name); });
}

}  // namespace

std::string raw_command(std::string_view bytes, const CurlOptions& options) {
  const Place place = place_of(options.url);
  const std::string input = shell_output(bytes) + " | ";
  // Neither side is shut down after sending: an endpoint that waits for more must be seen to wait.
  if (!place.tls) return input + fmt::format("nc -w 5 {} {}", shell_word(place.host), place.port);
  std::string line =
      input + fmt::format("timeout 5 openssl s_client -quiet -connect {}", shell_word(place.authority));
  if (place.authority.find(':', place.authority.rfind(']') + 1) == std::string::npos)
    line += ":" + place.port;
  if (place.named) line += " -servername " + shell_word(place.host);
  if (!options.insecure) {
    line += " -verify_return_error";
    if (options.ca_bundle) line += " -CAfile " + shell_word(*options.ca_bundle);
  }
  return line;
}

std::string curl_command(const Request& request, const CurlOptions& options) {
  if (!curl_can_send(request)) return raw_command(to_bytes(request), options);
  if (options.signing == Signing::none) return CurlLine(request, options).text();
  Request unsigned_request = request;
  for (const char* name : {"Authorization", "X-Amz-Date", "X-Amz-Security-Token"}) {
    unsigned_request.headers.remove(name);
  }
  return CurlLine(unsigned_request, options).text();
}

std::string curl_command(const HttpText& text, const CurlOptions& options) {
  const Place place = place_of(options.url);
  if (text.raw) return raw_command(bytes_under_base_path(place.base_path, text.raw_bytes), options);
  const Headers& written = text.request.headers;
  const auto fillable = [&](std::string_view name) {
    return !written.contains(name) && !left_out(text, name);
  };
  Request request = text.request;
  request.headers.clear();
  request.target = under_base_path(place.base_path, request.target);
  if (fillable("Host")) request.headers.add("Host", place.host_line);
  for (const Header& line : written.lines()) request.headers.add(line.name, line.value);
  if (!written.contains("Transfer-Encoding") && fillable("Content-Length")) {
    request.headers.add("Content-Length", std::to_string(request.body.size()));
  }
  CurlOptions used = options;
  if (!fillable("Authorization")) used.signing = Signing::none;
  const bool signs = used.signing != Signing::none;
  // Endpoints that verify nothing may still go by what stands there.
  const auto make_up_signature = [&] {
    request.headers.add("Authorization",
                        fmt::format("AWS4-HMAC-SHA256 Credential=test/20260101/{}/{}/aws4_request, "
                                    "SignedHeaders=host, Signature={}",
                                    options.region, options.service, std::string(64, '0')));
    used.signing = Signing::none;
  };
  if (!curl_can_send(request)) {
    if (!signs) return raw_command(to_bytes(request), options);
    make_up_signature();
    if (fillable("X-Amz-Date")) request.headers.add("X-Amz-Date", "20260101T000000Z");
    return raw_command(to_bytes(request), options) + "  # the signature is made up: curl cannot send this";
  }
  if (signs && left_out(text, "X-Amz-Date")) {
    make_up_signature();
    return CurlLine(request, used).text() + "  # the signature is made up: curl adds a date to what it signs";
  }
  used.session_token = options.session_token && fillable("X-Amz-Security-Token");
  used.date = options.date && fillable("X-Amz-Date");
  return CurlLine(request, used).text();
}

std::string keep_member(const std::string& command, std::string_view member, std::string_view variable) {
  return fmt::format(R"sh({}=$({} | sed -n 's/.*"{}" *: *"\([^"]*\)".*/\1/p'))sh", variable, command, member);
}

std::string with_variable(std::string_view command, std::string_view text, std::string_view variable) {
  enum class Quotes { none, single, escaped, twice };  // word, '…', $'…', "…"
  Quotes quotes = Quotes::none;
  std::string out;
  for (std::size_t at = 0; at < command.size();) {
    if (command.substr(at, text.size()) == text) {
      const char* before = quotes == Quotes::none ? "\"" : quotes == Quotes::twice ? "" : "'\"";
      const char* behind = quotes == Quotes::none     ? "\""
                           : quotes == Quotes::twice  ? ""
                           : quotes == Quotes::single ? "\"'"
                                                      : "\"$'";
      out += fmt::format("{}${{{}}}{}", before, variable, behind);
      at += text.size();
      continue;
    }
    const char c = command[at];
    const bool escapes = c == '\\' && quotes != Quotes::single && at + 1 < command.size();
    if (quotes == Quotes::none) {
      if (c == '"') quotes = Quotes::twice;
      if (c == '\'') quotes = at > 0 && command[at - 1] == '$' ? Quotes::escaped : Quotes::single;
    } else if (!escapes && c == (quotes == Quotes::twice ? '"' : '\'')) {
      quotes = Quotes::none;
    }
    out += command.substr(at, escapes ? 2 : 1);
    at += escapes ? 2 : 1;
  }
  return out;
}

}  // namespace harness::wire
