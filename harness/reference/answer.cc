#include "harness/reference/answer.h"

#include <boost/beast/http/status.hpp>
#include <cctype>
#include <random>
#include <utility>

namespace harness::reference {
namespace {

using wire::Json;

std::uint64_t random_seed() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) ^ device();
}

/// The finaliser of splitmix64: neighbouring counters give unrelated numbers.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// Members that no model knows, of every JSON type: a reader must pass over them.
void add_extras(Json& object) {
  object["XReference"] = {{"Note", "ignore me"}, {"Values", {1, 2.5, true, nullptr}}};
  object["xEmpty"] = Json::object();
}

}  // namespace

std::string_view reason_phrase(int status) {
  const auto phrase = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {phrase.data(), phrase.size()};
}

Answers::Answers(const Dialect& dialect, model::ServiceIdentity service)
    : dialect_(dialect), service_(std::move(service)), seed_(random_seed()) {}

std::string Answers::name(std::string_view header) const {
  std::string result(header);
  if (dialect_.lower_case_headers) {
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

std::string Answers::next_request_id() {
  // The form of a random UUID. Unique within a service, and unlikely to meet another's: no more is asked of
  // it.
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  const std::uint64_t n = count_.fetch_add(2, std::memory_order_relaxed);
  const std::uint64_t halves[2] = {(mix(seed_ + n * kStep) & ~0xf000ULL) | 0x4000ULL,
                                   (mix(seed_ + (n + 1) * kStep) & ~(3ULL << 62)) | (1ULL << 63)};
  std::string id;
  id.reserve(36);
  for (int digit = 0; digit < 32; ++digit) {
    if (digit == 8 || digit == 12 || digit == 16 || digit == 20) id += '-';
    id += "0123456789abcdef"[(halves[digit / 16] >> (60 - 4 * (digit % 16))) & 15];
  }
  return id;
}

wire::Response Answers::response(int status, const Json& body) {
  wire::Response result;
  result.status = status;
  result.reason = reason_phrase(status);
  if (dialect_.request_ids) result.headers.add(name("x-amzn-RequestId"), next_request_id());
  result.headers.add(name("Content-Type"), dialect_.content_type);
  result.body =
      body.dump(dialect_.spaced_json ? 2 : -1, ' ', dialect_.ascii_json, Json::error_handler_t::replace);
  return result;
}

wire::Response Answers::success(Json output) {
  if (dialect_.extra_members) {
    for (Json& member : output) {
      if (member.is_object() && !member.empty()) add_extras(member);  // an empty one may be a map
      if (!member.is_array()) continue;
      for (Json& element : member) {
        if (element.is_object()) add_extras(element);
      }
    }
    add_extras(output);
  }
  return response(200, output);
}

wire::Response Answers::failure(const Failure& failure) {
  const auto other = dialect_.errors.find(failure.code);
  const int status = other == dialect_.errors.end() ? failure.status : other->second.status;
  const std::string& code = other == dialect_.errors.end() ? failure.code : other->second.code;

  Json body = Json::object();
  body["__type"] = dialect_.error_shape_ids ? service_.shape_namespace + "#" + code + ":http://" +
                                                  service_.signing_name + ".example/errors/#" + code
                                            : code;
  if (dialect_.error_type_in_code) body["code"] = code;
  if (!dialect_.message_member.empty()) body[dialect_.message_member] = failure.message;

  wire::Response result = response(status, body);
  if (status == 405) result.headers.add(name("Allow"), "POST");
  if (dialect_.error_type_in_header) result.headers.add(name("X-Amzn-Errortype"), code);
  return result;
}

wire::Response Answers::answer(Outcome outcome) {
  return outcome ? success(*std::move(outcome)) : failure(outcome.error());
}

}  // namespace harness::reference
