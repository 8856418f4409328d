#pragma once

#include <chrono>
#include <cstddef>
#include <unordered_map>

#include "harness/run/compose.h"
#include "harness/wire/signed_draft.h"

namespace harness::run {

/// A Composer for texts that are sent many times: controls, and all cases of a soak. From its second time on,
/// a text costs a signature and no more. One per thread.
class RepeatComposer {
 public:
  explicit RepeatComposer(const Composer& composer);

  /// The same message as Composer::compose(). Texts are known by their address: they must stay as they are
  /// for as long as this composer is used.
  endpoint::Message compose(const wire::HttpText& text, std::chrono::system_clock::time_point now);

 private:
  struct Known {
    enum class As { sent_once, draft, text } as = As::sent_once;
    wire::SignedDraft draft;
    endpoint::Message message;  ///< the draft's, without its bytes
  };
  Known know(const wire::HttpText& text, std::chrono::system_clock::time_point now) const;

  Composer composer_;
  std::optional<wire::DraftSigner> signer_;
  std::unordered_map<const wire::HttpText*, Known> known_;
};

}  // namespace harness::run
