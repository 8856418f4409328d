#include <benchmark/benchmark.h>

#include <string>

#include "harness/wire/error_envelope.h"
#include "harness/wire/json.h"
#include "harness/wire/response_reader.h"
#include "harness/wire/signed_draft.h"
#include "harness/wire/sigv4.h"

namespace harness::wire {
namespace {

constexpr std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'440'938'160)};
const Credentials kCredentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
const SigningScope kScope{"us-east-1", "ssm"};

// 60 and 193 bytes: the bodies of a typical request and of a typical answer.
constexpr std::string_view kRequestBody = R"({"Name":"Example-Document","PermissionType":"Share","M":200})";
constexpr std::string_view kResponseBody =
    R"({"AccountIds":["123456789012","210987654321"],"AccountSharingInfoList":[)"
    R"({"AccountId":"123456789012","SharedDocumentVersion":"$DEFAULT"},)"
    R"({"AccountId":"210987654321","ShareVersion":"1"}],"N":123})";
static_assert(kRequestBody.size() == 60);
static_assert(kResponseBody.size() == 193);

Request typical_request() {
  Request request;
  request.headers = {{"Host", "127.0.0.1:4566"},
                     {"Content-Type", "application/x-amz-json-1.1"},
                     {"X-Amz-Target", "AmazonSSM.DescribeDocumentPermission"},
                     {"Content-Length", "60"}};
  request.body = kRequestBody;
  return request;
}

void sign(benchmark::State& state) {
  const Signer signer(kCredentials, kScope);
  Request request = typical_request();
  auto now = kNow;
  for (auto _ : state) {
    signer.sign(request, now);
    now += std::chrono::microseconds(10);
    benchmark::DoNotOptimize(request);
  }
}
BENCHMARK(sign);

void verify_signature(benchmark::State& state) {
  Request request = typical_request();
  Signer(kCredentials, kScope).sign(request, kNow);
  const VerifierContext context{[](std::string_view) { return kCredentials; }, kScope, kNow};
  if (verify(request, context) != SignatureProblem::none) state.SkipWithError("not accepted");
  for (auto _ : state) benchmark::DoNotOptimize(verify(request, context));
}
BENCHMARK(verify_signature);

void sign_draft(benchmark::State& state) {
  Request request = typical_request();
  Signer(kCredentials, kScope).sign(request, kNow);
  const auto draft = draft_of(request);
  if (!draft) return state.SkipWithError("no draft");
  DraftSigner signer(kCredentials, kScope);
  auto now = kNow;
  for (auto _ : state) {
    benchmark::DoNotOptimize(signer.sign(*draft, now));
    now += std::chrono::microseconds(10);
  }
}
BENCHMARK(sign_draft);

// What compares with sign_draft: the same bytes, made anew.
void sign_and_write(benchmark::State& state) {
  const Signer signer(kCredentials, kScope);
  const Request plain = typical_request();
  auto now = kNow;
  for (auto _ : state) {
    Request request = plain;
    signer.sign(request, now);
    benchmark::DoNotOptimize(to_bytes(request));
    now += std::chrono::microseconds(10);
  }
}
BENCHMARK(sign_and_write);

Response typical_error() {
  Response response;
  response.status = 400;
  response.headers = {{"Content-Type", "application/x-amz-json-1.1"}};
  response.body =
      R"({"__type":"ValidationException","message":"1 validation error detected: Value '201' at 'maxResults' failed )"
      R"(to satisfy constraint: Member must have value less than or equal to 200"})";
  return response;
}

void read_error(benchmark::State& state) {
  const Response response = typical_error();
  for (auto _ : state) benchmark::DoNotOptimize(read_error_envelope(response));
}
BENCHMARK(read_error);

// As for bodies that are not ordinary.
void read_error_slowly(benchmark::State& state) {
  const Response response = typical_error();
  for (auto _ : state)
    benchmark::DoNotOptimize(read_error_envelope(response, parse_json(response.body)->value));
}
BENCHMARK(read_error_slowly);

void parse(benchmark::State& state, std::string_view text) {
  if (!parse_json(text)) state.SkipWithError("not accepted");
  for (auto _ : state) benchmark::DoNotOptimize(parse_json(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(parse, 60_bytes, kRequestBody);
BENCHMARK_CAPTURE(parse, 193_bytes, kResponseBody);

/// What parse_json is to be compared with: the library's own parser.
void parse_plain(benchmark::State& state, std::string_view text) {
  for (auto _ : state) benchmark::DoNotOptimize(Json::parse(text, nullptr, false));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(parse_plain, 60_bytes, kRequestBody);
BENCHMARK_CAPTURE(parse_plain, 193_bytes, kResponseBody);

void read_response(benchmark::State& state) {
  Response response;
  response.status = 200;
  response.reason = "OK";
  response.headers = {{"Server", "example"},
                      {"Date", "Sun, 30 Aug 2015 12:36:00 GMT"},
                      {"x-amzn-RequestId", "3a1f5d3e-7c1e-4f53-9a36-1f1c8d5b2a10"},
                      {"Content-Type", "application/x-amz-json-1.1"},
                      {"Content-Length", std::to_string(kResponseBody.size())},
                      {"Connection", "keep-alive"}};
  response.body = kResponseBody;
  const std::string bytes = to_bytes(response);
  ResponseReader reader;
  for (auto _ : state) {
    reader.reset();
    std::size_t consumed = 0;
    if (reader.feed(bytes, consumed) != ResponseReader::State::done) state.SkipWithError("not read");
    benchmark::DoNotOptimize(reader.response());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(read_response);

}  // namespace
}  // namespace harness::wire
