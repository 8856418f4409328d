#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fuzzers/live.h"

/// Bytes on a connection: what http_live sends and judges.
namespace fuzzers {

/// Sends the bytes of an HTTP text in one write on a new connection, and judges everything that comes back:
/// - each well-formed request of them is answered, in order, as the oracle wants it, as long as the endpoint
///   keeps the connection open;
/// - what is no request is refused, or the connection closed, or the rest waited for if there can be one;
/// - afterwards a valid request is answered as it should be, on a new connection, and on the same one where
///   all was well-formed and it is still open: an answer too many would be taken for its answer.
class HttpExchange {
 public:
  explicit HttpExchange(Live& live) : live_(live) {}

  /// One input of the fuzzer: sends, learns, reports.
  void one(std::string_view http_text);
  /// Sends and judges. `patient`: a silent endpoint is waited for as long as the timeout says.
  std::vector<Defect> run(std::string_view http_text, bool patient);

 private:
  std::vector<Defect> converse(std::string_view http_text, std::string_view bytes, bool patient);
  bool answer(std::string_view request, std::chrono::milliseconds timeout, std::vector<Defect>& defects);
  void same_connection(const std::string& kind, std::vector<Defect>& defects);
  Suspicion suspicion_of(const std::string& input, const Defect& defect);

  Live& live_;
  bool learn_ = false;
};

}  // namespace fuzzers
