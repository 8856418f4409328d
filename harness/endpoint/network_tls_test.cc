#include "harness/endpoint/network_tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/endpoint/network.h"
#include "harness/endpoint/test_certificates.h"
#include "harness/endpoint/test_support.h"

/// TLS: whom we trust, and that everything else is as without it.
namespace harness::endpoint::testing::network_tls_test {
namespace {

using ::testing::HasSubstr;
using namespace std::chrono_literals;

std::string echo(const std::string& received) {
  return response(received.substr(received.find("\r\n\r\n") + 4));
}

class NetworkTls : public ::testing::Test {
 protected:
  explicit NetworkTls(const std::string& name = "IP:127.0.0.1") : identity_(make_identity(name)) {
    options_.ca_bundle = authority_.path();
  }

  TestServer& serve(Script script) {
    server_ = std::make_unique<TestServer>(std::vector{std::move(script)}, identity_);
    options_.url = server_->url();
    return *server_;
  }

  Exchange exchange(Message sent = message()) { return connect(options_)->open()->exchange(std::move(sent)); }

  Identity identity_;
  TemporaryFile authority_{identity_.authority};
  std::unique_ptr<TestServer> server_;
  NetworkOptions options_ = options_for({});
};

class NetworkTlsForName : public NetworkTls {
 protected:
  NetworkTlsForName() : NetworkTls("DNS:localhost") {}
};

TEST_F(NetworkTls, TrustsTheBundle) {
  TestServer& server = serve(Script().serve(echo));
  const auto endpoint = connect(options_);
  EXPECT_EQ(endpoint->url(), server.url());
  const auto lane = endpoint->open();
  for (int i = 0; i < 5; ++i) {
    const Exchange exchange = lane->exchange(message(std::to_string(i)));
    ASSERT_EQ(exchange.transport, Transport::answered) << exchange.detail;
    EXPECT_EQ(exchange.response.body, std::to_string(i));
    EXPECT_EQ(exchange.reused, i > 0);
  }
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(NetworkTls, RefusesAnotherAuthority) {
  serve(Script().serve(echo));
  const TemporaryFile other(make_identity("IP:127.0.0.1").authority);
  options_.ca_bundle = other.path();
  const Exchange exchange = this->exchange();
  EXPECT_EQ(exchange.transport, Transport::tls_failed);
  EXPECT_THAT(exchange.detail, HasSubstr("certificate"));
}

TEST_F(NetworkTls, TheSystemDoesNotTrustATest) {
  serve(Script().serve(echo));
  options_.ca_bundle.reset();
  EXPECT_EQ(exchange().transport, Transport::tls_failed);
}

// How many authorities a context trusts by name; those of a folder are looked up only when they are needed.
int authorities_in(asio::ssl::context& context) {
  return sk_X509_OBJECT_num(X509_STORE_get0_objects(SSL_CTX_get_cert_store(context.native_handle())));
}

TEST(SystemAuthorities, TheFirstBundleThatExistsIsTrustedWhereOpenSslHasNone) {
  const TemporaryFile authority(make_identity("IP:127.0.0.1").authority);
  asio::ssl::context context(asio::ssl::context::tls_client);
  const auto trusted = trust_system(
      context, {"/nonexistent/cert.pem", "/nonexistent/certs", {"/nonexistent/ca.pem", authority.path()}});
  ASSERT_TRUE(trusted) << trusted.error().message;
  EXPECT_EQ(authorities_in(context), 1);
}

TEST(SystemAuthorities, OpenSslsOwnPathsComeFirst) {
  const TemporaryFile authority(make_identity("IP:127.0.0.1").authority);
  asio::ssl::context context(asio::ssl::context::tls_client);
  // The file exists, so the bundle, which does not hold a certificate, is never read.
  const auto trusted = trust_system(context, {authority.path(), "/nonexistent/certs", {"/etc/passwd"}});
  EXPECT_TRUE(trusted) << trusted.error().message;
}

TEST(SystemAuthorities, ASystemWithoutAnyIsAnErrorThatNamesThePaths) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  const auto trusted =
      trust_system(context, {"/nonexistent/cert.pem", "/nonexistent/certs", {"/nonexistent/ca.pem"}});
  ASSERT_FALSE(trusted);
  EXPECT_THAT(trusted.error().message, HasSubstr("/nonexistent/cert.pem nor /nonexistent/certs nor"));
  EXPECT_THAT(trusted.error().message, HasSubstr("ca-certificates"));
}

TEST(SystemAuthorities, AreTheOnesThatTheEnvironmentNames) {
  const std::string before = system_authorities().file;
  ASSERT_EQ(::setenv("SSL_CERT_FILE", "/named/here.pem", 1), 0);
  EXPECT_EQ(system_authorities().file, "/named/here.pem");
  ASSERT_EQ(::setenv("SSL_CERT_FILE", before.c_str(), 1), 0);
  EXPECT_EQ(system_authorities().file, before);
}

TEST_F(NetworkTls, RefusesTheWrongName) {
  serve(Script().serve(echo));  // the certificate is for the address only
  options_.url = "https://localhost:" + std::to_string(server_->port());
  const Exchange exchange = this->exchange();
  EXPECT_EQ(exchange.transport, Transport::tls_failed);
  EXPECT_THAT(exchange.detail, HasSubstr("hostname mismatch"));
}

TEST_F(NetworkTlsForName, TrustsTheName) {
  serve(Script().serve(echo));
  options_.url = "https://localhost:" + std::to_string(server_->port());
  const Exchange exchange = this->exchange();
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
}

TEST_F(NetworkTlsForName, RefusesTheWrongAddress) {
  serve(Script().serve(echo));
  const Exchange exchange = this->exchange();
  EXPECT_EQ(exchange.transport, Transport::tls_failed);
  EXPECT_THAT(exchange.detail, HasSubstr("IP address mismatch"));
}

TEST_F(NetworkTlsForName, WithoutVerificationAnybodyWillDo) {
  serve(Script().serve(echo));
  options_.ca_bundle.reset();
  options_.verify_ssl = false;
  const Exchange exchange = this->exchange();
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
}

TEST_F(NetworkTls, ABundleThatCannotBeReadIsAnError) {
  options_.url = "https://127.0.0.1:1";
  options_.ca_bundle = "/nonexistent/ca.pem";
  const auto missing = connect_network(options_);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("/nonexistent/ca.pem"));
  const TemporaryFile nonsense("not a certificate");
  options_.ca_bundle = nonsense.path();
  EXPECT_FALSE(connect_network(options_));
}

TEST_F(NetworkTls, APeerThatSpeaksNoTls) {
  TestServer plain({Script().read(1).send("HTTP/1.1 400 Bad Request\r\n\r\n").close()});
  options_.url = "https://127.0.0.1:" + std::to_string(plain.port());
  EXPECT_EQ(exchange().transport, Transport::tls_failed);
}

TEST_F(NetworkTls, APeerThatClosesInTheHandshake) {
  TestServer plain({Script().read(1).close()});
  options_.url = "https://127.0.0.1:" + std::to_string(plain.port());
  EXPECT_EQ(exchange().transport, Transport::tls_failed);
}

TEST_F(NetworkTls, AHandshakeThatHangs) {
  TestServer plain({Script().read(1).stall()});
  options_.url = "https://127.0.0.1:" + std::to_string(plain.port());
  options_.connect_timeout = 200ms;
  const Exchange exchange = this->exchange();
  EXPECT_EQ(exchange.transport, Transport::tls_failed)
      << "somebody is there, so it is no matter of connecting";
  EXPECT_THAT(exchange.detail, HasSubstr("handshake"));
}

TEST_F(NetworkTls, ACloseMayEndABody) {
  serve(Script().read_request().send("HTTP/1.1 200 OK\r\n\r\nall of it").close());
  const Exchange exchange = this->exchange();
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, "all of it");
}

TEST_F(NetworkTls, ClosedAndTruncated) {
  serve(Script().read_request().close());
  EXPECT_EQ(exchange().transport, Transport::closed);
  serve(Script().read_request().slam());  // without a close_notify
  EXPECT_EQ(exchange().transport, Transport::closed);
  serve(Script().read_request().send("HTTP/1.1 200").close());
  EXPECT_EQ(exchange().transport, Transport::truncated);
}

TEST_F(NetworkTls, Reset) {
  serve(Script().read_request().reset());
  EXPECT_EQ(exchange().transport, Transport::reset);
}

TEST_F(NetworkTls, ALargeRequestBothWays) {
  serve(Script().serve(echo));
  const std::string body(4 << 20, 'b');
  const Exchange exchange = this->exchange(message(body));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.body, body);
}

TEST_F(NetworkTls, AnAnswerBeforeTheRequestIsWritten) {
  serve(Script().read(10).send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}").stall());
  const Exchange exchange = this->exchange(message(std::string(32 << 20, 'b')));
  EXPECT_EQ(exchange.transport, Transport::answered) << exchange.detail;
  EXPECT_EQ(exchange.response.status, 413);
  EXPECT_FALSE(exchange.kept_alive);
}

TEST_F(NetworkTls, ManyConnectionsOneAfterTheOther) {
  TestServer& server = serve(Script().read_request().send(response("{}", "Connection: close\r\n")).close());
  const auto endpoint = connect(options_);
  const auto lane = endpoint->open();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(lane->exchange(message()).transport, Transport::answered);
  EXPECT_EQ(server.connections(), 10U);
}

}  // namespace
}  // namespace harness::endpoint::testing::network_tls_test
