#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/files/input_file.h"
#include "harness/files/output_file.h"
#include "harness/files/temporary_folder.h"

namespace harness::files::files_test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(temporary_.path(), ""); }

  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::string with(const char* name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  std::size_t names() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
  }
  static std::string content(const std::string& path) { return read_file(path).value_or("(error)"); }
  static std::string read_error(const std::string& path, std::size_t most = kMaxBytes) {
    const auto text = read_file(path, most);
    return text ? "(no error)" : text.error().message;
  }

  const TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
};

TEST_F(FilesTest, WhatCannotBeReadIsNamed) {
  EXPECT_THAT(read_error(path("nowhere")), AllOf(HasSubstr("nowhere"), HasSubstr("No such file")));
  EXPECT_THAT(read_error(folder_.string()), HasSubstr("is a folder"));
  EXPECT_THAT(read_error(with("file", "") + "/x"), HasSubstr("Not a directory"));
  std::filesystem::create_symlink("nowhere", path("link"));
  EXPECT_THAT(read_error(path("link")), HasSubstr("No such file"));
}

TEST_F(FilesTest, ReadingIsBounded) {
  const std::string file = with("file", std::string(2 << 20, 'x'));
  EXPECT_EQ(content(file).size(), 2U << 20);
  EXPECT_EQ(read_error(file, 2 << 20), "(no error)");
  EXPECT_THAT(read_error(file, 1 << 20), HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(read_error("/dev/zero", 1 << 20), HasSubstr("larger than 1 MiB"));
}

TEST_F(FilesTest, APipeWithoutAWriterIsAnErrorAndNoHang) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(read_error(path("pipe")), HasSubstr("nobody writes"));
}

TEST_F(FilesTest, APipeWithAWriterIsReadToItsEnd) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  // Open for both, so that neither side waits for the other; what was written stays in the pipe.
  const Descriptor both(::open(path("pipe").c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::write(both.get(), "abc", 3), 3);
  auto file = InputFile::open(path("pipe"));
  ASSERT_TRUE(file.has_value());
  char buffer[16];
  EXPECT_EQ(file->read(buffer, sizeof buffer).value_or(0), 3U);
}

TEST_F(FilesTest, Lines) {
  auto file = InputFile::open(with("lines", "one\n\n" + std::string(100'000, 'x') + "\nlast"));
  ASSERT_TRUE(file.has_value());
  LineReader lines(std::move(*file));
  EXPECT_EQ(lines.next(1 << 20).value(), "one\n");
  EXPECT_EQ(lines.next(1 << 20).value(), "\n");
  EXPECT_EQ(lines.next(1 << 20).value().size(), 100'001U);
  EXPECT_EQ(lines.next(1 << 20).value(), "last");
  EXPECT_EQ(lines.next(1 << 20).value(), "");
}

TEST_F(FilesTest, ALineThatNeverEndsIsRefused) {
  auto file = InputFile::open("/dev/zero");
  ASSERT_TRUE(file.has_value());
  LineReader lines(std::move(*file));
  EXPECT_EQ(lines.next(1 << 20).error().message, "/dev/zero: line 1: longer than 1 MiB");
}

TEST_F(FilesTest, FilesAreWrittenWholeOrNotAtAll) {
  ASSERT_TRUE(write_file(path("x"), "first").has_value());
  ASSERT_TRUE(write_file(path("x"), "second").has_value());
  EXPECT_EQ(content(path("x")), "second");
  EXPECT_EQ(names(), 1U) << "no temporary is left";
  EXPECT_THAT(write_file(path("nowhere/x"), "x").error().message,
              AllOf(HasSubstr("nowhere/x:"), HasSubstr("No such file")));
  EXPECT_FALSE(write_file(folder_.string(), "x").has_value());
}

TEST_F(FilesTest, DevicesAndLinksAreWrittenToAndNotReplaced) {
  EXPECT_THAT(write_file("/dev/full", "x").error().message,
              HasSubstr("/dev/full: cannot be written: No space"));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
  std::filesystem::create_symlink(with("file", "old"), path("link"));
  ASSERT_TRUE(write_file(path("link"), "new").has_value());
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(content(path("file")), "new");
}

TEST_F(FilesTest, CheckingAnOutputChangesNothing) {
  with("file", "kept");
  std::filesystem::create_symlink("not-yet", path("link"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  for (const char* name : {"file", "new", "link", "pipe"}) {
    EXPECT_TRUE(check_output(path(name)).has_value()) << name;
  }
  EXPECT_TRUE(check_output("/dev/full").has_value()) << "that it is full is seen when it is written";
  EXPECT_EQ(content(path("file")), "kept");
  EXPECT_EQ(names(), 3U) << "nothing was created";
}

TEST_F(FilesTest, TheReaderOfAPipeSeesNothingOfACheck) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const Descriptor reader(::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(check_output(path("pipe")).has_value());
  pollfd end{reader.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&end, 1, 0), 0) << "a writer came and went";
  ASSERT_TRUE(write_file(path("pipe"), "x").has_value());
  EXPECT_EQ(::poll(&end, 1, 0), 1);
}

TEST_F(FilesTest, WhatCannotBeWrittenIsKnownBefore) {
  const auto error = [](const std::string& path) {
    const auto status = check_output(path);
    return status ? "(no error)" : status.error().message;
  };
  EXPECT_THAT(error(folder_.string()), HasSubstr("is a folder"));
  EXPECT_THAT(error(path("nowhere/x")), HasSubstr("there is no folder"));
  EXPECT_THAT(error(with("file", "") + "/x"), HasSubstr("there is no folder"));
  EXPECT_THAT(error(path(std::string(300, 'x').c_str())), HasSubstr("too long"));
  EXPECT_THAT(error(path(std::string(250, 'x').c_str())), HasSubstr("too long")) << "the temporary's name";
  EXPECT_THAT(error("/proc/nowhere"), HasSubstr("cannot be written"));
  std::filesystem::create_symlink("nowhere/x", path("link"));
  EXPECT_THAT(error(path("link")), HasSubstr("No such file"));
}

TEST_F(FilesTest, TheSameFileUnderOtherNames) {
  with("a", "");
  std::filesystem::create_hard_link(path("a"), path("hard"));
  std::filesystem::create_symlink("a", path("soft"));
  std::filesystem::create_directory_symlink(".", path("folder"));
  for (const char* name : {"a", "./a", "hard", "soft", "folder/a"}) {
    EXPECT_TRUE(same_file(path("a"), path(name))) << name;
  }
  EXPECT_TRUE(same_file(path("new"), path("folder/./folder/new")));
  std::filesystem::create_symlink("new", path("dangling"));
  EXPECT_TRUE(same_file(path("new"), path("dangling"))) << "before either is written";
  EXPECT_FALSE(same_file(path("new"), path("other")));
  EXPECT_FALSE(same_file(path("a"), path("new")));
  EXPECT_FALSE(same_file(with("b", ""), path("a")));
  EXPECT_FALSE(same_file("/dev/null", "/dev/null"));
}

}  // namespace
}  // namespace harness::files::files_test
