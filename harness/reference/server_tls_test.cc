// The reference server over TLS, and the certificates that it makes for itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "conformance/ssm/reference.h"
#include "harness/files/temporary_folder.h"
#include "harness/reference/server.h"
#include "harness/reference/server_test_support.h"
#include "harness/reference/test_client.h"
#include "harness/reference/test_support.h"

namespace harness::reference::server_tls_test {
namespace {

using testing::built_in_model;
using testing::Client;
using testing::expect_last;
using ::testing::HasSubstr;
using testing::kEmpty;
using testing::request_for;
using testing::started;
using testing::valid;

class Tls : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(temporary_.path(), "");
    auto files = make_tls_files(temporary_.path());
    ASSERT_TRUE(files.has_value()) << files.error().message;
    files_ = *files;
  }
  ServerOptions options() const {
    ServerOptions result;
    result.tls = ServerOptions::Tls{files_.certificate, files_.private_key};
    return result;
  }
  const files::TemporaryFolder temporary_;
  const std::filesystem::path directory_ = temporary_.path();
  TlsFiles files_;
};

TEST_F(Tls, FilesAreWhereTheyAreSaidToBe) {
  EXPECT_EQ(files_.ca_bundle, (directory_ / "ca.pem").string());
  EXPECT_EQ(files_.certificate, (directory_ / "server.pem").string());
  EXPECT_EQ(files_.private_key, (directory_ / "server.key").string());
  struct stat about {};
  ASSERT_EQ(::stat(files_.private_key.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U) << "the key is for its owner only";
}

TEST_F(Tls, AFolderThatIsNotThere) {
  const auto files = make_tls_files((directory_ / "missing").string());
  ASSERT_FALSE(files.has_value());
  EXPECT_THAT(files.error().message, HasSubstr("ca.pem"));
}

TEST_F(Tls, ServesUnderItsCa) {
  const auto server = started(options());
  EXPECT_EQ(server->url(), "https://127.0.0.1:" + std::to_string(server->port()));
  for (const char* name : {"127.0.0.1", "localhost"}) {
    Client client(server->port(), files_.ca_bundle, name);
    ASSERT_TRUE(client.connected()) << name;
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(client.send(valid()));
      const auto response = client.receive();
      ASSERT_TRUE(response.has_value());
      EXPECT_EQ(response->body, kEmpty);
    }
  }
}

TEST_F(Tls, IsNotForOtherNamesOrUnderOtherAuthorities) {
  const auto server = started(options());
  EXPECT_FALSE(Client(server->port(), files_.ca_bundle, "127.0.0.2").connected());
  EXPECT_FALSE(Client(server->port(), files_.ca_bundle, "ssm.example").connected());
  const auto others = directory_ / "others";
  ASSERT_TRUE(std::filesystem::create_directory(others));
  const auto other = make_tls_files(others.string());
  ASSERT_TRUE(other.has_value());
  EXPECT_FALSE(Client(server->port(), other->ca_bundle).connected());
  EXPECT_TRUE(Client(server->port(), files_.ca_bundle).connected());
}

TEST_F(Tls, ClosesWithAGoodbye) {
  auto with_close = options();
  with_close.service.dialect.close_after_response = true;
  const auto server = started(with_close);
  Client client(server->port(), files_.ca_bundle);
  ASSERT_TRUE(client.send(valid()));
  ASSERT_TRUE(client.receive().has_value());
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Tls, AnswersOversizeAndNonsense) {
  auto small = options();
  small.service.max_body_bytes = 1000;
  const auto server = started(small);
  Client large(server->port(), files_.ca_bundle);
  ASSERT_TRUE(
      large.send(wire::to_bytes(request_for("DescribeDocumentPermission", std::string(2'000'000, ' ')))));
  expect_last(large, 413, "RequestEntityTooLargeException");
  Client nonsense(server->port(), files_.ca_bundle);
  ASSERT_TRUE(nonsense.send("nonsense\r\n\r\n"));
  expect_last(nonsense, 400, "MalformedHttpRequestException");
}

TEST_F(Tls, OutlivesAClientThatSpeaksPlainHttp) {
  const auto server = started(options());
  Client plain(server->port());
  ASSERT_TRUE(plain.send(valid()));
  plain.half_close();
  plain.rest();
  EXPECT_TRUE(Client(server->port(), files_.ca_bundle).connected());
}

TEST_F(Tls, StopsInTheMiddleOfAHandshake) {
  auto server = started(options());
  Client silent(server->port());
  Client open(server->port(), files_.ca_bundle);
  ASSERT_TRUE(open.connected());
  server.reset();
  EXPECT_EQ(open.receive(), std::nullopt);
}

TEST_F(Tls, SaysWhichFileCannotBeUsed) {
  auto wrong = options();
  wrong.tls->certificate_file = (directory_ / "missing.pem").string();
  auto server = Server::start(built_in_model(), conformance::ssm::reference_service(), wrong);
  ASSERT_FALSE(server.has_value());
  EXPECT_THAT(server.error().message, HasSubstr("missing.pem"));
  wrong = options();
  wrong.tls->private_key_file = files_.ca_bundle;
  server = Server::start(built_in_model(), conformance::ssm::reference_service(), wrong);
  ASSERT_FALSE(server.has_value());
  EXPECT_THAT(server.error().message, HasSubstr("private key"));
}

}  // namespace
}  // namespace harness::reference::server_tls_test
