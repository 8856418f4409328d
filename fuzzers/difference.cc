#include "fuzzers/difference.h"

#include <fmt/format.h>

#include "harness/files/output_file.h"

namespace fuzzers {
namespace {

using harness::wire::Transport;
namespace oracle = harness::oracle;

constexpr std::size_t kMaxLines = 2000;

}  // namespace

void Differences::compare(std::string_view http_text) {
  const auto a = one_.send(http_text);
  if (!a) return;
  one_.learn(a->exchange);
  const auto b = other_.send(http_text);
  if (!b) return;
  ++compared_;
  if (one_.is_unanswered() && one_.recover_endpoint()) return;
  if (other_.is_unanswered() && other_.recover_endpoint()) return;
  if (oracle::answer_kind(a->exchange) == oracle::answer_kind(b->exchange)) return;
  ++different_;
  if (a->defects.empty() == b->defects.empty()) return note(*a, *b);
  if (a->defects.empty())
    report(other_, *b, one_, *a);
  else
    report(one_, *a, other_, *b);
}

void Differences::report(Live& wrong, const JudgedExchange& judged, const Live& right,
                         const JudgedExchange& its_answer) {
  for (const Defect& d : judged.defects) {
    Suspicion s = wrong.suspicion_of(judged, d);
    s.describe = [&](const std::string& input) {
      auto out = wrong.describe(input);
      out.because += fmt::format("\nanother endpoint ({}) answered: {}", right.fixtures().situation().url,
                                 oracle::answer_kind(its_answer.exchange));
      return out;
    };
    wrong.consider(s);
  }
}

void Differences::note(const JudgedExchange& a, const JudgedExchange& b) {
  const auto& request = a.prepared.classification;
  std::string line =
      fmt::format("{} {}: {} | {}", request.operation != nullptr ? request.operation->name : "-",
                  request.kind(), oracle::answer_kind(a.exchange), oracle::answer_kind(b.exchange));
  if (!a.defects.empty()) line += " (both are wrong)";
  if (lines_.size() >= kMaxLines || !lines_.insert(std::move(line)).second) return;
  std::string text = fmt::format("# request: answer of {} | answer of {}\n", one_.fixtures().situation().url,
                                 other_.fixtures().situation().url);
  for (const auto& l : lines_) text += l + "\n";
  if (const auto written = harness::files::write_file(one_.config().findings + "/differences.txt", text);
      !written)
    fmt::print(stderr, "{}\n", written.error().message);
}

}  // namespace fuzzers
