#include "harness/run/repeat_composer.h"

#include <algorithm>

namespace harness::run {
namespace {

// A draft holds its request twice over; the few large ones are composed anew.
constexpr std::size_t kMaxDraftedBody = 4096;

/// Signed by the composer, with everything that a signature changes filled in by it.
bool changes_by_signature_only(const Composer& composer, const wire::HttpText& text) {
  return composer.signs(text) && text.without.empty() && !text.directive("scope") &&
         !text.directive("hold-body") && !text.request.headers.contains("X-Amz-Date") &&
         !text.request.headers.contains("X-Amz-Security-Token") &&
         text.request.body.size() <= kMaxDraftedBody;
}

}  // namespace

RepeatComposer::RepeatComposer(const Composer& composer) : composer_(composer) {
  if (const auto& signing = composer.signing()) signer_.emplace(signing->credentials, signing->scope);
}

RepeatComposer::Known RepeatComposer::know(const wire::HttpText& text,
                                           std::chrono::system_clock::time_point now) const {
  Known known;
  known.as = Known::As::text;
  if (!changes_by_signature_only(composer_, text)) return known;
  auto draft = wire::draft_of(composer_.fill_in(text, now));
  if (!draft) return known;
  known.as = Known::As::draft;
  known.draft = std::move(*draft);
  known.message = composer_.compose(text, now);
  known.message.bytes.clear();
  return known;
}

endpoint::Message RepeatComposer::compose(const wire::HttpText& text,
                                          std::chrono::system_clock::time_point now) {
  const auto [entry, first] = known_.try_emplace(&text);
  Known& known = entry->second;
  if (!first && known.as == Known::As::sent_once) known = know(text, now);
  if (known.as != Known::As::draft) return composer_.compose(text, now);
  endpoint::Message message = known.message;
  message.bytes = signer_->sign(known.draft, now);
  return message;
}

}  // namespace harness::run
