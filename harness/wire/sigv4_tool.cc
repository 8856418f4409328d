// Signs requests from standard input, so that scripts/check_sigv4.py can compare with another implementation.
//
// One JSON object a line in, one Authorization header a line out:
//   {"access_key_id": "...", "secret_access_key": "...", "session_token": "", "region": "...", "service":
//   "...",
//    "time": "20150830T123600Z", "method": "POST", "target": "/", "headers": [["Host", "x"], ...], "body":
//    "<hex>", "signed_headers": ["host", ...]}
// Without "signed_headers", the Signer signs as it signs every request of this project; with it, exactly
// these headers of the request as it stands are signed. "body" is in hexadecimal.

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "harness/wire/json.h"
#include "harness/wire/sigv4.h"
#include "harness/wire/sigv4_canonical.h"

namespace {

using harness::Result;
using namespace harness::wire;

Result<std::string> text(const Json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end() || !member->is_string()) {
    return harness::fail(fmt::format("member '{}' must be a string", key));
  }
  return member->get<std::string>();
}

Result<std::string> from_hex(const std::string& hex) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (hex.size() % 2 != 0 || hex.find_first_not_of(kDigits) != std::string::npos) {
    return harness::fail("the body is not in lower-case hexadecimal");
  }
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    out += static_cast<char>(kDigits.find(hex[i]) * 16 + kDigits.find(hex[i + 1]));
  }
  return out;
}

Result<Headers> read_headers(const Json& object) {
  Headers headers;
  const auto lines = object.find("headers");
  if (lines == object.end() || !lines->is_array()) return harness::fail("member 'headers' must be an array");
  for (const Json& line : *lines) {
    if (!line.is_array() || line.size() != 2 || !line[0].is_string() || !line[1].is_string()) {
      return harness::fail("a header must be [name, value]");
    }
    headers.add(line[0].get<std::string>(), line[1].get<std::string>());
  }
  return headers;
}

/// The Authorization header over exactly the named headers.
std::string authorize(const Request& request, const std::vector<std::string>& names,
                      const Credentials& credentials, const SigningScope& scope, const std::string& date) {
  const std::string canonical = canonical_request(request, names);
  Hashes hashes;
  set_signing_key(hashes, credentials.secret_access_key, date.substr(0, 8), scope);
  // The last but one line of the canonical request lists the names as they were signed.
  std::string list = canonical.substr(0, canonical.rfind('\n'));
  list.erase(0, list.rfind('\n') + 1);
  std::string out = fmt::format("{} Credential={}/{}/{}/{}/{}, SignedHeaders={}, Signature=", kAlgorithm,
                                credentials.access_key_id, date.substr(0, 8), scope.region, scope.service,
                                kTerminator, list);
  append_hex(out, hashes.hmac(string_to_sign(canonical, date, scope)));
  return out;
}

Result<std::string> sign_line(const std::string& line) {
  const auto parsed = parse_json(line);
  if (!parsed) return harness::fail(parsed.error().reason);
  const Json& object = parsed->value;
  if (!object.is_object()) return harness::fail("a line must be an object");

  constexpr const char* kKeys[] = {
      "access_key_id", "secret_access_key", "session_token", "region", "service", "time", "method", "target",
      "body"};
  std::vector<std::string> values;
  for (const char* key : kKeys) {
    auto value = text(object, key);
    if (!value) return harness::fail(value.error().message);
    values.push_back(*std::move(value));
  }
  const Credentials credentials{values[0], values[1], values[2]};
  const SigningScope scope{values[3], values[4]};
  const auto time = parse_amz_date(values[5]);
  if (!time) return harness::fail("member 'time' must be like 20150830T123600Z");
  auto headers = read_headers(object);
  if (!headers) return harness::fail(headers.error().message);
  auto body = from_hex(values[8]);
  if (!body) return harness::fail(body.error().message);

  Request request{values[6], values[7], "HTTP/1.1", *std::move(headers), *std::move(body)};
  const auto names = object.find("signed_headers");
  if (names != object.end()) {
    std::vector<std::string> list;
    for (const Json& name : *names) {
      if (!name.is_string()) return harness::fail("member 'signed_headers' must hold strings");
      list.push_back(name.get<std::string>());
    }
    return authorize(request, list, credentials, scope, values[5]);
  }
  Signer(credentials, scope).sign(request, *time);
  return std::string(request.headers.find("Authorization").value_or(""));
}

}  // namespace

int main(int argc, char**) {
  if (argc != 1) {
    fmt::print(stderr, "usage: sigv4_tool < requests.jsonl (see scripts/check_sigv4.py)\n");
    return 2;
  }
  std::string line;
  for (std::size_t number = 1; std::getline(std::cin, line); ++number) {
    const auto header = sign_line(line);
    if (!header) {
      fmt::print(stderr, "line {}: {}\n", number, header.error().message);
      return 1;
    }
    fmt::print("{}\n", *header);
  }
  return 0;
}
