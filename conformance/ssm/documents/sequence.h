#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzzers/sequence.h"

/// Steps about documents and the accounts that they are shared with.
///
///     create a
///     share a 3-12      with the accounts 3 to 12, at most 20
///     describe a        one page
///     describe a 2      one page of at most 2
///     page a 2          page by page to the end
///     unshare a 3
///     delete a
///     status            of a node that is not there
///
/// What is known of documents and accounts is kept up to date, for the oracle; pages put together must name
/// every account once; and what surely is valid must be done.
namespace conformance::ssm::documents {

class DocumentSteps final : public fuzzers::StepLanguage {
 public:
  explicit DocumentSteps(fuzzers::Live& live) : live_(live) {}

  harness::Status possible() override;
  std::optional<std::string> read(std::string_view line) const override;
  std::string make(harness::generate::Random& random, const std::vector<std::string>& beside) const override;
  std::string make_like(harness::generate::Random& random, const std::string& like) const override;
  std::vector<std::string> simpler(const std::string& step) const override;
  void begin() override { documents_.clear(); }
  void take(const std::string& step, fuzzers::SequenceCalls& calls) override;
  void end(fuzzers::SequenceCalls& calls) override;

 private:
  struct Document {
    std::string name;
    bool exists = false;
    std::set<std::string> accounts;
  };
  void create(Document& document, fuzzers::SequenceCalls& calls);
  void change(Document& document, bool add, const std::vector<std::string>& ids,
              fuzzers::SequenceCalls& calls);
  void page(const Document& document, int most, fuzzers::SequenceCalls& calls);
  void remove(Document& document, fuzzers::SequenceCalls& calls);
  void know(const Document& document);

  fuzzers::Live& live_;
  std::map<char, Document> documents_;
};

}  // namespace conformance::ssm::documents
