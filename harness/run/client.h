#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/endpoint/endpoint.h"
#include "harness/run/situation.h"
#include "harness/wire/json.h"

namespace harness::run {

/// Why an answer, or all of a caller's answers, says nothing about what was asked.
enum class Trouble {
  none,
  throttled,  ///< oracle::throttling(), and given up
  expired,    ///< oracle::says_expired()
};
Trouble trouble_of(const wire::Exchange& exchange);
/// "the endpoint throttled a request until it was given up", for a verdict's reason.
std::string_view to_string(Trouble trouble);

/// What came back from one call, taken apart.
struct Reply {
  wire::Exchange exchange;
  wire::Json body;   ///< null unless the body is JSON
  std::string code;  ///< the error's name, "" if there is none
  bool ok() const {
    return exchange.transport == wire::Transport::answered && exchange.response.status == 200;
  }
  /// "200", "400 ValidationException", "timed_out": for people
  std::string text() const;
};

/// A call of an operation, as clients of the service write it.
wire::HttpText call_text(const model::ServiceIdentity& service, std::string_view operation,
                         const wire::Json& input);

/// Calls operations one after the other on one connection: for probes, fixtures and scenarios. Blocking; not
/// for the I/O thread.
class Client {
 public:
  Client(endpoint::Endpoint& endpoint, const Situation& situation)
      : Client(endpoint, situation, situation.composer) {}

  /// One that signs otherwise.
  Client(endpoint::Endpoint& endpoint, const Situation& situation, Composer composer)
      : situation_(situation), composer_(std::move(composer)), connection_(endpoint.open()) {}

  Reply send(const wire::HttpText& text);
  Reply call(std::string_view operation, const wire::Json& input) { return send(request(operation, input)); }
  /// The request that call() would send.
  wire::HttpText request(std::string_view operation, const wire::Json& input) const;
  const Catalogue& catalogue() const { return *situation_.pack.catalogue; }
  endpoint::Connection& connection() { return *connection_; }
  std::size_t exchanges() const { return exchanges_; }
  /// The first trouble among the answers so far.
  Trouble trouble() const { return trouble_; }

 private:
  const Situation& situation_;
  Composer composer_;  // its signer keeps state: one for each thread, though the situation may be shared
  std::unique_ptr<endpoint::Connection> connection_;
  std::size_t exchanges_ = 0;
  Trouble trouble_ = Trouble::none;
};

/// Takes an exchange apart.
Reply read_reply(wire::Exchange exchange);

}  // namespace harness::run
