#include "harness/reference/request_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/ascii.h"
#include "harness/reference/answer.h"
#include "harness/wire/content_coding.h"

namespace harness::reference {
namespace {

std::string value_of(const wire::Request& request, std::string_view name) {
  return base::lower(base::trimmed(request.headers.find(name).value_or("")));
}

struct HeaderRefusal {
  std::string_view header;
  int status;
};

// Whatever the value is.
constexpr HeaderRefusal kHeaderRefusals[] = {
    {"If-Match", 412},
    {"If-None-Match", 412},
    {"If-Modified-Since", 412},
    {"If-Unmodified-Since", 412},
    {"If-Range", 412},
    {"Range", 416},
    {"Accept-Language", 406},
    {"Accept-Charset", 406},
    {"Max-Forwards", 404},
    {"Referer", 403},
    {"Origin", 403},
    {"Proxy-Authorization", 407},
    {"Content-Range", 400},
    {"Content-MD5", 400},
    {"Early-Data", 425},
};

int refused_status(const wire::Request& request) {
  const std::string expect = value_of(request, "Expect");
  if (!expect.empty() && expect != "100-continue") return 417;
  const std::string accept = value_of(request, "Accept");
  if (!accept.empty() && accept.find("*/*") == std::string::npos && accept.find("json") == std::string::npos)
    return 406;
  if (!wire::AcceptedCodings(request.headers).admits("identity")) return 406;
  if (value_of(request, "Cache-Control").find("only-if-cached") != std::string::npos) return 504;
  for (const auto& refusal : kHeaderRefusals) {
    if (request.headers.contains(refusal.header)) return refusal.status;
  }
  return 0;
}

void change_status(wire::Response& response, int status) {
  response.status = status;
  response.reason = reason_phrase(status);
}

}  // namespace

std::optional<wire::Response> refusal_by_headers(const wire::Request& request) {
  const int status = refused_status(request);
  if (status == 0) return std::nullopt;
  wire::Response response;
  change_status(response, status);
  response.headers.add("Content-Type", "text/plain");
  if (status == 407) response.headers.add("Proxy-Authenticate", "Basic");
  response.body = response.reason;
  return response;
}

void remove_connection_headers(wire::Request& request) {
  std::vector<std::string> names;
  for (std::string_view value : request.headers.all("Connection")) {
    while (!value.empty()) {
      const auto comma = std::min(value.find(','), value.size());
      names.emplace_back(base::trimmed(value.substr(0, comma)));
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
  }
  request.headers.remove("Connection");
  for (const auto& name : names) request.headers.remove(name);
}

void heed_headers(const wire::Request& request, wire::Response& response) {
  if (response.status != 200) return;
  if (request.headers.contains("If-None-Match") || request.headers.contains("If-Modified-Since")) {
    change_status(response, 304);
    response.body.clear();
    return;
  }
  if (value_of(request, "Range") != "bytes=0-0" || response.body.empty()) return;
  change_status(response, 206);
  response.headers.add("Content-Range", fmt::format("bytes 0-0/{}", response.body.size()));
  response.body.resize(1);
}

void code_as_asked(const wire::Request& request, wire::Response& response) {
  const wire::AcceptedCodings accepted(request.headers);
  response.headers.add("Vary", "Accept-Encoding");
  for (const char* coding : {"gzip", "deflate"}) {
    if (response.body.empty() || !accepted.admits(coding)) continue;
    response.body = wire::encode(coding, response.body);
    response.headers.add("Content-Encoding", coding);
    return;
  }
}

std::string with_plain_prefix(std::string_view target, std::string_view prefix, std::string_view version) {
  const auto dot = target.rfind('.');
  if (dot == std::string_view::npos) return std::string(target);
  std::string sent = base::lower(target.substr(0, dot));
  sent.erase(0, sent.rfind('#') + 1);
  const std::string suffix = "_" + std::string(version);
  if (sent.ends_with(suffix)) sent.resize(sent.size() - suffix.size());
  return sent == base::lower(prefix) ? std::string(prefix).append(target.substr(dot)) : std::string(target);
}

}  // namespace harness::reference
