// Every file of corpus/ through its fuzz target. A broken promise aborts the program; the test that was
// running names the file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzzers/check.h"
#include "fuzzers/in_process.h"
#include "harness/wire/http_text.h"

extern "C" {
int fuzz_files(const std::uint8_t* data, std::size_t size);
int fuzz_http_text(const std::uint8_t* data, std::size_t size);
int fuzz_json(const std::uint8_t* data, std::size_t size);
int fuzz_minimise(const std::uint8_t* data, std::size_t size);
int fuzz_model(const std::uint8_t* data, std::size_t size);
int fuzz_pattern(const std::uint8_t* data, std::size_t size);
int fuzz_report(const std::uint8_t* data, std::size_t size);
int fuzz_request(const std::uint8_t* data, std::size_t size);
int fuzz_response(const std::uint8_t* data, std::size_t size);
int fuzz_sigv4(const std::uint8_t* data, std::size_t size);
}

namespace {

namespace fs = std::filesystem;

struct Folder {
  const char* name;
  int (*target)(const std::uint8_t* data, std::size_t size);
  bool requests;  // HTTP text that must be read, or the seed is dead
};

constexpr Folder kFolders[] = {
    {"files", fuzz_files, false},         {"report", fuzz_report, false},
    {"http_text", fuzz_http_text, false}, {"json", fuzz_json, false},
    {"minimise", fuzz_minimise, true},    {"model", fuzz_model, false},
    {"pattern", fuzz_pattern, false},     {"request", fuzz_request, true},
    {"response", fuzz_response, false},   {"sigv4", fuzz_sigv4, false},
    {"regressions", fuzz_request, true},  {"http", fuzz_request, true},
};

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder, ec)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

fs::path corpus() {
  return fs::path(SSMC_SOURCE_DIR) / "corpus";
}

struct Seed {
  Folder folder;
  fs::path path;
};

// The path says more than the bytes of the value would.
void PrintTo(const Seed& seed, std::ostream* out) {
  *out << seed.path;
}

std::vector<Seed> all_seeds() {
  std::vector<Seed> seeds;
  for (const Folder& folder : kFolders) {
    for (auto& path : files_in(corpus() / folder.name)) seeds.push_back({folder, std::move(path)});
  }
  return seeds;
}

std::string test_name(const testing::TestParamInfo<Seed>& info) {
  std::string name = std::string(info.param.folder.name) + "_" + info.param.path.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Corpus : public testing::TestWithParam<Seed> {};

TEST_P(Corpus, KeepsThePromises) {
  const std::string bytes = content_of(GetParam().path);
  EXPECT_EQ(GetParam().folder.target(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), 0);
}

TEST_P(Corpus, IsReadable) {
  if (!GetParam().folder.requests) return;
  static fuzzers::Endpoints endpoints;
  const auto expanded = endpoints.in("").bindings().expand(content_of(GetParam().path));
  ASSERT_TRUE(expanded) << expanded.error().message;
  const auto text = harness::wire::parse_http_text(*expanded);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_TRUE(std::any_of(text->comments.begin(), text->comments.end(), [](const std::string& c) {
    return !c.empty() && c.front() != '@';
  })) << "the first line should say what this is";
}

INSTANTIATE_TEST_SUITE_P(Files, Corpus, testing::ValuesIn(all_seeds()), test_name);

TEST(CorpusFolders, NoneIsEmpty) {
  for (const Folder& folder : kFolders) EXPECT_FALSE(files_in(corpus() / folder.name).empty()) << folder.name;
}

TEST(CorpusFolders, EachHasATarget) {
  std::set<std::string> known = {"sequence"};  // live_test runs these
  for (const Folder& folder : kFolders) known.insert(folder.name);
  for (const auto& entry : fs::directory_iterator(corpus())) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(known.contains(entry.path().filename().string())) << entry.path();
  }
}

// Placeholders that ask for much are passed over: that the count is right is what keeps the targets fast.
TEST(AsksToRepeat, CountsWhatIsAskedFor) {
  EXPECT_EQ(fuzzers::asks_to_repeat("{{node}} {{repeat}} repeat 9 a"), 0U);
  EXPECT_GE(fuzzers::asks_to_repeat("{{repeat 1000 ab}}"), 2000U);
  EXPECT_LE(fuzzers::asks_to_repeat("{{repeat 1000 ab}}"), 4000U);
  EXPECT_GE(fuzzers::asks_to_repeat("{{repeat 10 a}}{{repeat 20 a}}"), 30U);
  EXPECT_GE(fuzzers::asks_to_repeat("{{repeat 99999999999999999999999 a}}"), std::size_t{1} << 30);
}

}  // namespace
