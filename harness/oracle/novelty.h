#pragma once

#include <memory>
#include <string>

#include "harness/model/model.h"
#include "harness/wire/message.h"

/// Kinds of answers as feedback for fuzzing: what an endpoint's answers say of the code that it went through.
///
/// Echo-proof by construction, or every request would seem new: a kind is put together from words that are
/// known beforehand, never from the answer's text. Of an answer count
/// - how the exchange ended, and the status;
/// - the error's code, if the model, the oracle's table or the protocol knows it, else "?";
/// - the sorted `key:type` paths of the body, keys that are no member of an output or an error as "?", and of
///   a list whether it is empty and what its elements are;
/// - of the message: in AWS's own words, how many errors it counts, and the last one's member and constraint
///   (only the end of the message cannot be forged by a value that it quotes); in other words, the first
///   member of the model that it names outside of quotes, or as the whole of a quotation, and the first known
///   phrase ("is required", "does not exist").
/// An endpoint that echoes text without quotes can so make as many kinds as the model has members, no more.
namespace harness::oracle {

/// The kind of an answer: "400 ValidationException {__type:string,message:string} 1*MaxResults:value-most",
/// "200 {Items:[],NextToken:string}", "timed_out".
class Novelty {
 public:
  explicit Novelty(const model::Model& model);
  ~Novelty();
  Novelty(Novelty&&) noexcept;
  Novelty& operator=(Novelty&&) noexcept;

  std::string of(const wire::Exchange& exchange) const;

 private:
  struct Words;
  std::unique_ptr<const Words> words_;
};

/// The same for a single answer. Collects the model's words each time.
std::string novelty(const wire::Exchange& exchange, const model::Model& model);

}  // namespace harness::oracle
