// SigV4: what the signer signs the verifier accepts, and one changed byte of what is signed it refuses.
//
// The input is HTTP text where it can be read as such, else the body of a fixed request. Its bytes also
// decide which byte is changed, so that one input always does the same.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzzers/check.h"
#include "harness/wire/http_text.h"
#include "harness/wire/sigv4.h"

namespace {

using fuzzers::check;
namespace wire = harness::wire;
using wire::SignatureProblem;

// Hashing is linear in the body, and sees nothing in it.
constexpr std::size_t kMaxInput = 8 * 1024;
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'700'000'000)};

const wire::Credentials& credentials() {
  static const wire::Credentials value{"AKIDEXAMPLE", "example-secret", ""};
  return value;
}

const wire::VerifierContext& context() {
  static const wire::VerifierContext value{
      .lookup = [](std::string_view id) -> std::optional<wire::Credentials> {
        if (id == credentials().access_key_id) return credentials();
        return std::nullopt;
      },
      .scope = {"us-east-1", "service"},
      .now = kNow,
  };
  return value;
}

wire::Request request_from(std::string_view input) {
  if (const auto text = wire::parse_http_text(input); text && !text->raw) return text->request;
  wire::Request request;
  request.headers = {{"Content-Type", "application/x-amz-json-1.1"}, {"X-Amz-Target", "Example.GetThing"}};
  request.body = input;
  return request;
}

// The verifier wants a host and that every x-amz-* header is signed; the signer signs those that the AWS CLI
// signs. What is left out here is no matter of signing but of which requests can be signed at all.
void make_signable(wire::Request& request) {
  std::vector<std::string> unsigned_names;
  for (const auto& line : request.headers.lines()) {
    const bool amz = wire::same_name(std::string_view(line.name).substr(0, 6), "x-amz-");
    if (amz && !wire::same_name(line.name, "x-amz-target")) unsigned_names.push_back(line.name);
  }
  for (const auto& name : unsigned_names) request.headers.remove(name);
  if (!request.headers.contains("Host")) request.headers.add("Host", "service.us-east-1.amazonaws.com");
}

std::vector<std::string> signed_names(const wire::Request& request) {
  const std::string authorization(request.headers.find("Authorization").value_or(""));
  constexpr std::string_view kMember = "SignedHeaders=";
  const auto begin = authorization.find(kMember);
  check(begin != std::string::npos, "a signed request names its signed headers", authorization);
  std::vector<std::string> names(1);
  for (auto i = begin + kMember.size(); i < authorization.size() && authorization[i] != ','; ++i) {
    if (authorization[i] == ';') {
      names.emplace_back();
    } else {
      names.back() += authorization[i];
    }
  }
  return names;
}

// One byte of one part, to another one.
bool change(wire::Request& request, std::size_t choice) {
  const auto flip = [&](std::string& text) {
    if (text.empty()) return false;
    char& c = text[(choice / 7) % text.size()];
    c = static_cast<char>(c ^ (1 << (choice % 7)));
    return true;
  };
  const auto flip_header = [&](const char* name) {
    std::string value(request.headers.find(name).value_or(""));
    if (!flip(value)) return false;
    request.headers.set(name, std::move(value));
    return true;
  };
  switch (choice % 5) {
    case 0:
      return flip(request.method);
    case 1:
      return flip(request.target);
    case 2:
      return flip_header("X-Amz-Target");
    case 3:
      return flip_header("Host");
    default:
      return flip(request.body);
  }
}

std::string explained(const wire::Request& request) {
  return std::string(wire::to_string(wire::verify(request, context()))) + "\n" + wire::to_bytes(request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  static const wire::Signer signer(credentials(), {"us-east-1", "service"});
  const auto input = fuzzers::as_text(data, size);
  wire::Request request = request_from(input);
  make_signable(request);
  signer.sign(request, kNow);
  check(wire::verify(request, context()) == SignatureProblem::none, "what is signed is accepted",
        explained(request));

  std::size_t choice = 1469598103934665603U;  // FNV-1a of the input
  for (std::size_t i = 0; i < size; ++i) choice = (choice ^ data[i]) * 1099511628211U;
  choice >>= 8;

  // Two requests are the same to a signature if their canonical forms are: `/a/../b` is `/b`, two blanks are
  // one.
  wire::Request changed = request;
  if (change(changed, choice)) {
    const auto names = signed_names(request);
    const bool same = wire::canonical_request(changed, names) == wire::canonical_request(request, names);
    check((wire::verify(changed, context()) == SignatureProblem::none) == same,
          "a changed byte of what is signed is noticed", explained(changed));
  }

  wire::Request forged = request;
  std::string authorization(*request.headers.find("Authorization"));
  char& digit = authorization[authorization.size() - 1 - choice % 64];
  digit = digit == '0' ? '1' : '0';
  forged.headers.set("Authorization", authorization);
  check(wire::verify(forged, context()) == SignatureProblem::wrong_signature,
        "a changed digit of the signature is noticed", explained(forged));

  forged.headers.set("Authorization", std::string(input));
  check(wire::verify(forged, context()) != SignatureProblem::none, "nobody guesses a signature",
        explained(forged));
  return 0;
}
