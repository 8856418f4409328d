// How an input is mutated. It is read as HTTP text; one of several changes is drawn: a member of the body by
// the model (json_changes.h), the syntax of the body (damage.h), the head (head_changes.h), bytes, or a new
// request in its place. The result is printed again, and guarded (guards.h): lengths are capped, repetitions
// are limited, placeholders that nothing binds are broken. What is too long is drawn again, a few times; then
// bytes are changed in place. All choices come from one generator that is seeded by the seed and the input,
// so that an input and a seed always give the same output.
#include "harness/generate/mutator.h"

#include <algorithm>
#include <optional>

#include "harness/base/hash.h"
#include "harness/generate/crossover.h"
#include "harness/generate/damage.h"
#include "harness/generate/guards.h"
#include "harness/generate/head_changes.h"
#include "harness/generate/json_changes.h"
#include "harness/generate/member_plans.h"
#include "harness/generate/random.h"

namespace harness::generate {
namespace {

constexpr std::size_t kMaxRepeated = std::size_t{256} * 1024;
// Of what is made anew, in percent, and how long its values may become.
constexpr unsigned kExamples = 25;
constexpr std::size_t kExampleRoom = 1200;
constexpr int kAttempts = 4;

// Inputs differ although a fuzzer may give the same seed to many.
std::uint64_t seed_of(std::string_view input, std::uint64_t seed) {
  return base::fnv1a(input, base::kFnvBasis ^ seed);
}

// What a person wrote on top says what the input was, not what it becomes; directives say how it is sent.
// `@escaped` is written again where it is needed.
void drop_remarks(wire::HttpText& text) {
  std::erase_if(text.comments,
                [](const std::string& c) { return !c.starts_with('@') || c.starts_with("@escaped"); });
  text.escaped = false;
}

bool same_message(const wire::HttpText& a, const wire::HttpText& b) {
  return a.raw == b.raw && a.without == b.without && a.request == b.request && a.raw_bytes == b.raw_bytes;
}

}  // namespace

class Mutator::Impl {
 public:
  Impl(const model::Model& model, MutatorOptions options) : plans_(model), options_(std::move(options)) {
    for (const std::string& name : options_.operations) {
      const OperationPlan* operation = plans_.find(name);
      if (operation != nullptr && operation->input != nullptr) operations_.push_back(operation);
    }
    for (const OperationPlan& operation : plans_.operations()) {
      if (options_.operations.empty() && operation.input != nullptr) operations_.push_back(&operation);
    }
  }

  std::string mutate(std::string_view input, std::uint64_t seed, std::size_t max_size,
                     const Vocabulary& vocabulary) const {
    Random random(seed_of(input, seed));
    if (max_size == 0) return {};
    if (!options_.json) return only_bytes(input, random, max_size);
    const auto parsed = wire::parse_http_text(input);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      std::string out = attempted(parsed ? &*parsed : nullptr, input, random, max_size, vocabulary);
      if (out.size() <= max_size) return out;
    }
    // Too small a room for anything: the input's own bytes, one of them changed.
    return only_bytes(input, random, max_size);
  }

  std::string crossover(std::string_view a, std::string_view b, std::uint64_t seed,
                        std::size_t max_size) const {
    Random random(seed_of(b, seed_of(a, seed)));
    if (max_size == 0) return {};
    const auto first = read(a);
    const auto second = read(b);
    const std::string both = std::string(a) + std::string(b);
    const bool requests = first && second && !first->raw && !second->raw;
    for (int attempt = 0; attempt < kAttempts && requests; ++attempt) {
      auto text = cross_requests(*first, *second, random);
      drop_remarks(text);
      cap_lengths(text);
      std::string out = settled(wire::print_http_text(text), both, {}, max_size, true);
      if (out.size() <= max_size) return out;
    }
    std::string out = splice_bytes(a, b, random);
    if (out.size() > max_size) out.resize(max_size);
    return settled(std::move(out), both, {}, max_size);
  }

  std::string fresh(std::uint64_t seed, std::size_t max_size, const Vocabulary& vocabulary) const {
    Random random(seed);
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const auto text = fresh_text(nullptr, random, vocabulary);
      if (!text) break;
      std::string out = wire::print_http_text(*text);
      break_unknown_placeholders(out, {}, vocabulary);
      if (out.size() <= max_size) return out;
    }
    return {};
  }

  // What was made of the input, guarded. `capped`: its lengths were, but they are looked at again where the
  // text becomes shorter.
  static std::string settled(std::string out, std::string_view input, const Vocabulary& vocabulary,
                             std::size_t max_size, bool capped = false) {
    bool changed = break_unknown_placeholders(out, input, vocabulary);
    if (out.find("{{repeat") != std::string::npos)
      changed = cap_repeats(out, std::max(kMaxRepeated, repeated_bytes(input))) || changed;
    if (capped && !changed) return out;
    if (auto text = wire::parse_http_text(out); text && cap_lengths(*text)) {
      std::string printed = wire::print_http_text(*text);
      // Where there is no room for the guarded text: nothing, and a fuzzer tries again.
      return printed.size() <= max_size || capped ? printed : std::string();
    }
    return out;
  }

 private:
  Result<wire::HttpText> read(std::string_view input) const {
    return options_.json ? wire::parse_http_text(input) : fail("only bytes");
  }

  // An input whose values belong together, which no values chosen one by one do; or nothing.
  static std::optional<JsonNode> example(const std::string& operation, Random& random,
                                         const Vocabulary& vocabulary) {
    const auto known = vocabulary.examples.find(operation);
    if (known == vocabulary.examples.end() || known->second.empty()) return std::nullopt;
    auto tree = read_json_tree(random.pick(known->second));
    return tree ? std::optional(*std::move(tree)) : std::nullopt;
  }

  // Mostly valid, for this operation or one of all.
  std::optional<wire::HttpText> fresh_text(const OperationPlan* operation, Random& random,
                                           const Vocabulary& vocabulary) const {
    if (operation == nullptr || operation->input == nullptr) {
      if (operations_.empty()) return std::nullopt;
      operation = random.pick(operations_);
    }
    if (random.percent(kExamples)) {
      if (auto input = example(operation->name, random, vocabulary)) {
        // As it is, it was sent before.
        JsonChanges(plans_, vocabulary, random, kExampleRoom).change(*input, operation);
        return request_for(*operation, plans_, to_text(*input));
      }
    }
    return request_for(*operation, plans_, to_text(valid_object(*operation->input, random, vocabulary)));
  }

  // One output, which may be too large. `parsed` is the input, if it is HTTP text.
  std::string attempted(const wire::HttpText* parsed, std::string_view input, Random& random,
                        std::size_t max_size, const Vocabulary& vocabulary) const {
    wire::HttpText text;
    // What an input gained by being broken it keeps for ever; and where one thing is refused, nothing else is
    // looked at. So much is made anew, of valid values, and changed little or not at all.
    const bool anew = random.percent(parsed == nullptr ? 50 : 45);
    if (parsed != nullptr) {
      text = *parsed;
      drop_remarks(text);
    }
    if (anew) {
      const bool another = parsed == nullptr || text.raw || random.percent(85);
      const auto* operation = another ? nullptr : operation_of(text.request, plans_);
      if (auto made = fresh_text(operation, random, vocabulary)) {
        // The directives stay: they may say which kind of endpoint the input is for.
        made->comments = text.comments;
        std::erase_if(made->comments, [](const std::string& c) {
          return c.starts_with("@raw") || c.starts_with("@without");
        });
        text = *std::move(made);
      }
    } else if (parsed == nullptr) {
      std::string out(input);
      for (std::size_t n = random.between(1, 4); n > 0; --n) change_bytes(out, random, max_size);
      return settled(std::move(out), input, vocabulary, max_size);
    }
    // Long values seldom: they cost time, and most of what is to be found is near the limits of short ones.
    const std::size_t room = max_size > 600 ? max_size - 400 : max_size / 3;
    const std::size_t most =
        random.percent(95) ? std::min<std::size_t>(room, 1200) : std::min<std::size_t>(room, 70'000);
    std::size_t changes = random.percent(60) ? 1 : random.percent(60) ? 2 : random.between(3, 5);
    if (anew) changes = random.percent(55) ? 0 : random.between(1, 2);
    for (; changes > 0; --changes) change(text, random, most, vocabulary);
    // Some changes change nothing: the first again, the case of digits.
    for (int i = 0; i < kAttempts && parsed != nullptr && same_message(text, *parsed); ++i)
      change(text, random, most, vocabulary);
    cap_lengths(text);
    return settled(wire::print_http_text(text), input, vocabulary, max_size, true);
  }

  void change(wire::HttpText& text, Random& random, std::size_t most, const Vocabulary& vocabulary) const {
    if (text.raw) return change_raw(text.raw_bytes, plans_, random, most);
    const std::size_t kind = random.below(100);
    if (kind < 17 && options_.http) return change_head(text, plans_, random);
    std::string& body = text.request.body;
    if (kind < 26 && options_.json_text) return damage_json(body, random, most);
    if (kind < 31 && options_.bytes) return change_bytes(body, random, most);
    change_input(text.request, random, most, vocabulary);
  }

  void change_input(wire::Request& request, Random& random, std::size_t most,
                    const Vocabulary& vocabulary) const {
    const OperationPlan* operation = operation_of(request, plans_);
    auto tree = read_json_tree(request.body);
    if (!tree) {  // damaged before: a whole one again, or what it is
      if (operation == nullptr && !operations_.empty()) operation = random.pick(operations_);
      if (operation == nullptr || operation->input == nullptr || random.percent(30))
        return change_bytes(request.body, random, most);
      request.body = to_text(valid_object(*operation->input, random, vocabulary));
      return;
    }
    JsonChanges(plans_, vocabulary, random, most).change(*tree, operation);
    request.body = to_text(*tree);
  }

  std::string only_bytes(std::string_view input, Random& random, std::size_t max_size) const {
    std::string out(input.substr(0, max_size));
    for (std::size_t n = random.between(1, 4); n > 0; --n) change_bytes(out, random, max_size);
    if (out.size() > max_size) out.resize(max_size);
    return settled(std::move(out), input, {}, max_size);
  }

  Plans plans_;
  MutatorOptions options_;
  std::vector<const OperationPlan*> operations_;
};

Mutator::Mutator(const model::Model& model, MutatorOptions options)
    : impl_(std::make_unique<const Impl>(model, std::move(options))) {}
Mutator::~Mutator() = default;
Mutator::Mutator(Mutator&&) noexcept = default;
Mutator& Mutator::operator=(Mutator&&) noexcept = default;

std::string Mutator::mutate(std::string_view http_text, std::uint64_t seed, std::size_t max_size,
                            const Vocabulary& vocabulary) const {
  return impl_->mutate(http_text, seed, max_size, vocabulary);
}

std::string Mutator::crossover(std::string_view a, std::string_view b, std::uint64_t seed,
                               std::size_t max_size) const {
  return impl_->crossover(a, b, seed, max_size);
}

std::string Mutator::fresh(std::uint64_t seed, std::size_t max_size, const Vocabulary& vocabulary) const {
  return impl_->fresh(seed, max_size, vocabulary);
}

std::string Mutator::guarded(std::string_view mutated, std::string_view input, std::size_t max_size,
                             const Vocabulary& vocabulary) {
  return Impl::settled(std::string(mutated.substr(0, max_size)), input, vocabulary, max_size);
}

}  // namespace harness::generate
