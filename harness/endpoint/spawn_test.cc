#include "harness/endpoint/spawn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "harness/endpoint/test_support.h"
#include "harness/files/temporary_folder.h"

namespace harness::endpoint::testing::spawn_test {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using namespace std::chrono_literals;

/// A server in a line: answers one connection after the other with a fixed response, and says what it read on
/// stderr.
const std::string server_command =
    "exec python3 -c '"
    "import socket, sys\n"
    "s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
    "s.bind((\"127.0.0.1\", {port})); s.listen(16)\n"
    "print(\"listening on {port}\", flush=True)\n"
    "while True:\n"
    "  c, _ = s.accept()\n"
    "  r = c.recv(65536)\n"
    "  if b\"die\" in r: sys.stderr.write(\"told to die\\n\"); sys.exit(3)\n"
    "  if r: c.sendall(b\"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\n{}\")\n"
    "  c.close()\n"
    "'";

Transport ask(const SpawnedProcess& process, const std::string& body = "{}") {
  return connect(options_for(process.url()))->open()->exchange(message(body)).transport;
}

TEST(FreePort, CanBeListenedOn) {
  std::set<unsigned short> ports;
  for (int i = 0; i < 20; ++i) {
    const auto port = free_port();
    ASSERT_TRUE(port) << port.error().message;
    EXPECT_GE(*port, 1024);
    ports.insert(*port);
  }
  EXPECT_GT(ports.size(), 1U);
}

TEST(Spawn, StartsAnswersAndEnds) {
  auto process = SpawnedProcess::start(server_command);
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_TRUE((*process)->running());
  EXPECT_EQ((*process)->how_it_ended(), "running");
  EXPECT_EQ(ask(**process), Transport::answered);
  EXPECT_THAT((*process)->last_output(), HasSubstr("listening on "));
  const std::string url = (*process)->url();
  process->reset();
  const auto endpoint = connect(options_for(url));
  EXPECT_EQ(endpoint->open()->exchange(message()).transport, Transport::connect_failed);
}

TEST(Spawn, TellsOfItsDeath) {
  auto process = SpawnedProcess::start(server_command);
  ASSERT_TRUE(process) << process.error().message;
  EXPECT_NE(ask(**process, "die"), Transport::answered);
  ASSERT_TRUE(eventually([&] { return !(*process)->running(); }));
  EXPECT_EQ((*process)->how_it_ended(), "exit status 3");
  EXPECT_THAT((*process)->last_output(), EndsWith("told to die\n"));
  EXPECT_EQ((*process)->last_output(4), "die\n");
}

TEST(Spawn, RestartsAtTheSamePort) {
  auto process = SpawnedProcess::start(server_command);
  ASSERT_TRUE(process) << process.error().message;
  const std::string url = (*process)->url();
  ask(**process, "die");
  ASSERT_TRUE(eventually([&] { return !(*process)->running(); }));
  for (int i = 0; i < 2; ++i) {  // dead, and then alive
    const auto status = (*process)->restart();
    ASSERT_TRUE(status) << status.error().message;
    EXPECT_EQ((*process)->url(), url);
    EXPECT_TRUE((*process)->running());
    EXPECT_EQ(ask(**process), Transport::answered);
  }
}

TEST(Spawn, ACommandThatDiesAtOnce) {
  const auto process = SpawnedProcess::start("echo going; echo down >&2; exit 7");
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().message,
              AllOf(HasSubstr("echo going"), HasSubstr("exit status 7"), HasSubstr("going | down")));
}

TEST(Spawn, ACommandThatIsKilled) {
  const auto process = SpawnedProcess::start("kill -SEGV $$");
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().message, HasSubstr("killed by signal 11 (Segmentation fault)"));
}

TEST(Spawn, ACommandThatDoesNotExist) {
  const auto process = SpawnedProcess::start("/nonexistent/server --port {port}");
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().message, AllOf(HasSubstr("exit status 127"), HasSubstr("/nonexistent/server")));
}

TEST(Spawn, ACommandThatNeverListens) {
  const auto process = SpawnedProcess::start("echo waiting; exec sleep 1000", 300ms);
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().message,
              AllOf(HasSubstr("still runs"), HasSubstr("300 ms"), HasSubstr("{port}"), HasSubstr("waiting")));
}

TEST(Spawn, ReadsNothingFromTheTerminal) {
  const auto process = SpawnedProcess::start("cat; echo end of input; exit 1");
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().message, HasSubstr("end of input"));
}

TEST(Spawn, OnlyTheEndOfMuchOutputIsKept) {
  const auto process = SpawnedProcess::start("yes 0123456789 | head -c 1000000; echo the end; exit 1");
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().message, EndsWith("the end"));
  EXPECT_LT(process.error().message.size(), 3000U);
}

TEST(Spawn, InheritsNoneOfOurDescriptors) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const auto process = SpawnedProcess::start("ls /proc/self/fd | tr '\\n' ' '; exit 1");
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_FALSE(process);
  EXPECT_THAT(process.error().message, HasSubstr("0 1 2 3 "));  // 3 is the folder that ls reads
  EXPECT_THAT(process.error().message, Not(HasSubstr(" 4 ")));
}

/// The processes of a test, by the id that each wrote to a file of its own.
class SpawnGroup : public ::testing::Test {
 protected:
  pid_t pid_in(const std::string& name) const {
    std::ifstream file(folder_ / name);
    pid_t pid = 0;
    file >> pid;
    return pid;
  }
  /// No such process, or one that nobody has waited for yet (an orphan is waited for by init, or by nobody at
  /// all).
  static bool gone(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(file, text)) return ::kill(pid, 0) != 0;
    return text.find(") Z ") != std::string::npos;
  }

  const files::TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
};

TEST_F(SpawnGroup, EndsWithItsChildren) {
  ASSERT_THAT(folder_.string(), Not(IsEmpty()));
  const std::string folder = folder_.string();
  const std::string children = "sh -c 'echo $$ >" + folder + "/polite; exec sleep 1000' & " +
                               "sh -c 'trap \"\" TERM; echo $$ >" + folder +
                               "/stubborn; sleep 1000; sleep 1000' & ";
  auto process = SpawnedProcess::start(children + server_command);
  ASSERT_TRUE(process) << process.error().message;
  ASSERT_TRUE(eventually([&] { return pid_in("polite") > 0 && pid_in("stubborn") > 0; }));
  const pid_t polite = pid_in("polite");
  const pid_t stubborn = pid_in("stubborn");
  EXPECT_FALSE(gone(polite));
  EXPECT_FALSE(gone(stubborn));
  process->reset();
  EXPECT_TRUE(eventually([&] { return gone(polite); }));
  EXPECT_TRUE(eventually([&] { return gone(stubborn); }));
}

TEST_F(SpawnGroup, SurvivesTheThreadThatStartedIt) {
  std::unique_ptr<SpawnedProcess> process;
  std::thread([&] {
    if (auto started = SpawnedProcess::start(server_command)) process = std::move(*started);
  }).join();
  ASSERT_NE(process, nullptr);
  EXPECT_EQ(ask(*process), Transport::answered);
  EXPECT_EQ(process->how_it_ended(), "running");
}

// The shell goes with us by the kernel's doing; what it waits for must go, too.
TEST_F(SpawnGroup, EndsWithUsHoweverWeEnd) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process of its own, which begins this test again
  constexpr const char* kFolder = "SPAWN_TEST_FOLDER";
  if (::getenv(kFolder) == nullptr) ::setenv(kFolder, folder_.c_str(), 1);
  const std::string child =
      std::string("sh -c 'echo $$ >") + ::getenv(kFolder) + "/child; exec sleep 1000' & ";
  EXPECT_EXIT(
      {
        auto process = SpawnedProcess::start(child + server_command.substr(5) + "; wait");
        std::fputs(process ? "started" : process.error().message.c_str(), stderr);
        ::raise(SIGKILL);
      },
      ::testing::KilledBySignal(SIGKILL), "started");
  ::unsetenv(kFolder);
  ASSERT_TRUE(eventually([&] { return pid_in("child") > 0; }));
  EXPECT_TRUE(eventually([&] { return gone(pid_in("child")); }));
}

}  // namespace
}  // namespace harness::endpoint::testing::spawn_test
