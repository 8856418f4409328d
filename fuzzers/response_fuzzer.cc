// What an endpoint may send back: any bytes, read whole and in pieces, and judged as the answer to fixed
// requests. The harness neither dies of them nor answers differently the second time.
#include <algorithm>
#include <string>
#include <vector>

#include "fuzzers/check.h"
#include "fuzzers/in_process.h"
#include "harness/oracle/admissible.h"
#include "harness/oracle/classify.h"
#include "harness/oracle/judge.h"
#include "harness/wire/content_coding.h"
#include "harness/wire/error_envelope.h"
#include "harness/wire/response_reader.h"

namespace {

using fuzzers::check;
namespace oracle = harness::oracle;
namespace run = harness::run;
namespace wire = harness::wire;

// The judge's work is linear in the body but for lists that it compares as sets.
constexpr std::size_t kMaxInput = 64 * 1024;

// What was asked: of each operation, a valid request and one that must be refused.
const std::vector<run::Asked>& asked(fuzzers::InProcessEndpoint& endpoint) {
  static const std::vector<run::Asked> all = [&] {
    std::vector<run::Asked> out;
    const auto ask = [&](const std::string& http_text) {
      auto prepared = run::prepare(endpoint.situation(), http_text);
      check(prepared.has_value(), "what is asked can be sent", http_text);
      out.push_back(*std::move(prepared));
    };
    const auto& service = endpoint.situation().pack.model->identity();
    for (const auto& [operation, example] : fuzzers::built_in().examples) {
      ask(run::request_text(service, operation, run::to_body(example.input)));
      ask(run::request_text(service, operation, "{}"));
    }
    // What holds something, page by page: its answers are judged by what is known.
    for (const auto& f : endpoint.situation().pack.catalogue->fixtures()) {
      if (f.form != run::Fixture::Form::token) continue;
      const auto id = endpoint.bindings().value(f.of);
      ask(run::request_text(service, f.call.operation, wire::to_text(f.call.filled(id))));
    }
    return out;
  }();
  return all;
}

// The same bytes in two pieces must read as the same response.
void reads_in_pieces(std::string_view bytes, const harness::Result<wire::Response>& whole) {
  using State = wire::ResponseReader::State;
  wire::ResponseReader reader;
  const std::size_t cut = bytes.empty() ? 0 : static_cast<unsigned char>(bytes.back()) % bytes.size();
  std::size_t consumed = 0;
  std::size_t total = 0;
  State state = reader.feed(bytes.substr(0, cut), consumed);
  total += consumed;
  if (state == State::need_more) {
    state = reader.feed(bytes.substr(cut), consumed);
    total += consumed;
  }
  if (state == State::need_more) state = reader.finish();
  const bool complete = state == State::done && total == bytes.size();
  check(complete == whole.has_value(), "bytes in pieces are a response if they are one as a whole", bytes);
  if (complete) check(reader.response() == *whole, "bytes in pieces read as the same response", bytes);
}

constexpr std::string_view kAsksForAnyCoding =
    "POST / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: *\r\nContent-Length: 0\r\n\r\n";

wire::Exchange exchange_of(const harness::Result<wire::Response>& response) {
  wire::Exchange exchange;
  exchange.transport = response ? wire::Transport::answered : wire::Transport::not_http;
  if (response) {
    exchange.response = *response;
    wire::decode_content(exchange, kAsksForAnyCoding);
  } else {
    exchange.detail = response.error().message;
  }
  return exchange;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > kMaxInput) return 0;
  static fuzzers::InProcessEndpoint endpoint{harness::reference::Dialect{}};
  const auto bytes = fuzzers::as_text(data, size);
  const auto response = wire::parse_response(bytes);
  reads_in_pieces(bytes, response);

  if (response) {
    const auto body = wire::parse_json(response->body);
    const auto envelope = wire::read_error_envelope(*response);
    check(envelope.has_value() == (body && body->value.is_object()), "an envelope is a JSON object", bytes);
    check(!envelope || *envelope == wire::read_error_envelope(*response, body->value),
          "an envelope reads the same, quickly or not", bytes);
  }

  const auto exchange = exchange_of(response);
  const std::string kind = oracle::answer_kind(exchange);
  check(std::all_of(kind.begin(), kind.end(), [](char c) { return c >= ' ' && c <= '~'; }),
        "the kind of an answer is printable, whatever it echoes", kind);
  for (const auto& request : asked(endpoint)) {
    const auto findings = run::judge(endpoint.situation(), request, exchange);
    const auto again = run::judge(endpoint.situation(), request, exchange);
    check(findings.size() == again.size(), "judging twice finds as much", kind);
    for (std::size_t i = 0; i < findings.size(); ++i) {
      check(findings[i].rule == again[i].rule && findings[i].message == again[i].message &&
                findings[i].signature == again[i].signature,
            "judging twice finds the same", findings[i].message);
      check(!findings[i].rule.empty() && !findings[i].message.empty() && !findings[i].signature.empty(),
            "a finding has a rule, a message and a signature", findings[i].rule);
    }
    const bool refused = !response || response->status >= 500;
    check(!refused || oracle::has_defect(findings) || (response && response->status == 501),
          "no answer and 5xx are defects", kind);
  }
  return 0;
}
