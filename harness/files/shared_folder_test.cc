#include "harness/files/shared_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "harness/files/input_file.h"

namespace harness::files::shared_folder_test {
namespace {

namespace fs = std::filesystem;

class SharedFolder : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::temp_directory_path() / ("ssmc-shared-" + std::to_string(::getpid()))).string();
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string folder_;
};

TEST_F(SharedFolder, OneOfManyCreatesTheFile) {
  const std::string path = folder_ + "/one";
  std::atomic<int> created{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const auto made = create_file(path, "by " + std::to_string(i));
      ASSERT_TRUE(made) << made.error().message;
      if (*made) ++created;
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(created, 1);
  EXPECT_EQ(read_file(path)->substr(0, 3), "by ");
  // Nothing else is left behind.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(SharedFolder, AFolderThatIsNotThereIsAnError) {
  EXPECT_FALSE(create_file(folder_ + "/none/one", "x"));
  const auto lock = FolderLock::take(folder_ + "/none");
  ASSERT_FALSE(lock);
  EXPECT_THAT(lock.error().message, testing::HasSubstr("/none: cannot be written to: No such file"));
}

TEST_F(SharedFolder, TheLockKeepsOthersOut) {
  int inside = 0;
  std::atomic<bool> overlapped{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        const auto lock = FolderLock::take(folder_);
        ASSERT_TRUE(lock) << lock.error().message;
        if (++inside != 1) overlapped = true;
        std::this_thread::yield();
        --inside;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_FALSE(overlapped);
}

TEST_F(SharedFolder, NobodyWaitsForEver) {
  const auto lock = FolderLock::take(folder_);
  ASSERT_TRUE(lock);
  const auto second = FolderLock::take(folder_, std::chrono::milliseconds(1));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, testing::HasSubstr("another process has held it"));
}

// Writes a number that is larger by one, `times` times, each time into a new file of this name.
void count_up(const std::string& path, int times) {
  for (int n = 0; n < times; ++n) {
    const auto lock = FileLock::take(path);
    ASSERT_TRUE(lock) << lock.error().message;
    const auto before = read_file(path);
    ASSERT_TRUE(write_file(path, std::to_string(before ? std::stoi(*before) + 1 : 1)));
  }
}

TEST_F(SharedFolder, WhatIsWrittenUnderTheLockOfAFileIsNotLost) {
  const std::string path = folder_ + "/counter";
  fs::create_symlink("counter", folder_ + "/link");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] { count_up(i == 0 ? folder_ + "/link" : path, 25); });
  for (auto& t : threads) t.join();
  EXPECT_EQ(read_file(path).value_or("(error)"), "100");
  EXPECT_FALSE(fs::exists(path + ".lock")) << "nothing else is left behind";
}

TEST_F(SharedFolder, ALinkToAFileThatIsNotThereYetIsHeldAsTheFile) {
  fs::create_symlink("further", folder_ + "/link");
  fs::create_symlink(fs::absolute(folder_) / "target", folder_ + "/further");
  const auto lock = FileLock::take(folder_ + "/link");
  ASSERT_TRUE(lock);
  EXPECT_FALSE(FileLock::take(folder_ + "/target", std::chrono::milliseconds(1)));
  EXPECT_FALSE(FileLock::take(folder_ + "/further", std::chrono::milliseconds(1)));
}

TEST_F(SharedFolder, NobodyWaitsForeverForAFile) {
  const std::string path = folder_ + "/held";
  const auto lock = FileLock::take(path);
  ASSERT_TRUE(lock);
  const auto second = FileLock::take(path, std::chrono::milliseconds(1));
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, testing::HasSubstr("another process has held it"));
  EXPECT_TRUE(FileLock::take("/dev/null")) << "a device is nobody's";
  EXPECT_TRUE(FileLock::take("/dev/null"));
  EXPECT_FALSE(FileLock::take(folder_ + "/none/held"));
}

}  // namespace
}  // namespace harness::files::shared_folder_test
