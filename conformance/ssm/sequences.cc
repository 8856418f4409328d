#include "conformance/sequences.h"

#include "conformance/ssm/documents/sequence.h"
#include "conformance/ssm/resources.h"

namespace conformance::pack {
namespace {

class OfDocuments final : public Sequences {
 public:
  explicit OfDocuments(fuzzers::Live& live) : live_(live) {}
  harness::Status possible() override {
    if (live_.fixtures().can_create(ssm::kDocument)) return {};
    auto tried = live_.fixtures().try_to_create(ssm::kDocument);
    if (tried) return {};
    return harness::fail("sequences need documents, and none can be created: " + tried.error().message);
  }
  void one(std::string_view text) override { ssm::documents::SequenceRunner(live_).one(text); }

 private:
  fuzzers::Live& live_;
};

}  // namespace

std::unique_ptr<Sequences> sequences(fuzzers::Live& live) {
  return std::make_unique<OfDocuments>(live);
}

std::string mutate_sequence(std::string_view text, std::uint64_t seed, std::size_t max_size) {
  return ssm::documents::mutate_steps(text, seed, max_size);
}

}  // namespace conformance::pack
