#include "harness/wire/shell_command.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/wire/one_request_for_test.h"
#include "harness/wire/shell_for_test.h"
#include "harness/wire/sigv4.h"

namespace harness::wire::shell_command_test {
namespace {

using namespace std::string_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing_shell::OneRequest;
using testing_shell::run_bash;
using Signing = CurlOptions::Signing;

class ShellCommand : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* command : {"curl", "nc"}) {
      if (!testing_shell::has_command(command)) GTEST_SKIP() << "there is no " << command << " here";
    }
  }
};

Request ssm_request(std::string body = R"({"Name":"Example","PermissionType":"Share"})") {
  Request r;
  r.headers = {{"X-Amz-Target", "AmazonSSM.DescribeDocumentPermission"},
               {"Content-Type", "application/x-amz-json-1.1"}};
  r.body = std::move(body);
  return r;
}

/// As the harness fills it in.
Request filled(Request r, const std::string& host) {
  if (!r.headers.contains("Host")) r.headers.add("Host", host);
  if (!r.headers.contains("Content-Length")) r.headers.add("Content-Length", std::to_string(r.body.size()));
  return r;
}

std::vector<std::string> sorted_headers(const Request& r) {
  std::vector<std::string> out;
  for (const Header& line : r.headers.lines()) out.push_back(line.name + ": " + line.value);
  std::sort(out.begin(), out.end());
  return out;
}

/// The bytes apart from the order of the headers.
void expect_same(const std::string& bytes, const Request& wanted, const std::string& line) {
  const auto got = parse_request(bytes);
  ASSERT_TRUE(got.has_value()) << got.error().message << "\n" << line << "\n" << bytes;
  EXPECT_EQ(got->method, wanted.method) << line;
  EXPECT_EQ(got->target, wanted.target) << line;
  EXPECT_EQ(got->version, wanted.version) << line;
  EXPECT_EQ(sorted_headers(*got), sorted_headers(wanted)) << line;
  EXPECT_TRUE(got->body == wanted.body) << line.substr(0, 2'000);
}

void expect_sends(const Request& wanted_without_host) {
  OneRequest server;
  Request wanted = wanted_without_host;
  if (const auto host = wanted.headers.find("Host"); host == "SERVER")
    wanted.headers.set("Host", server.host());
  CurlOptions options;
  options.url = server.url();
  const std::string line = curl_command(wanted, options);
  EXPECT_THAT(line, testing::AnyOf(HasSubstr("curl "), HasSubstr("nc "))) << line;
  EXPECT_THAT(run_bash(line).output, HasSubstr(wanted.method == "HEAD" ? "200 OK" : "answer"))
      << line.substr(0, 2'000);
  expect_same(server.bytes(), wanted, line);
}

TEST_F(ShellCommand, IsReadable) {
  CurlOptions options;
  options.url = "http://127.0.0.1:4566";
  HttpText text;
  text.request = ssm_request();
  EXPECT_EQ(
      curl_command(text, options),
      "curl -q -sSi --http1.1 --noproxy '*' -A '' -H Accept: -H 'X-Amz-Target: "
      "AmazonSSM.DescribeDocumentPermission' -H 'Content-Type: application/x-amz-json-1.1' --data-binary "
      R"('{"Name":"Example","PermissionType":"Share"}' http://127.0.0.1:4566/)");
  options.url = "https://ssm.example:9297/base";
  options.ca_bundle = "/tmp/my ca.pem";
  options.signing = Signing::environment;
  options.session_token = true;
  options.region = "eu-west-1";
  options.service = "ssm";
  EXPECT_EQ(
      curl_command(text, options),
      "curl -q -sSi --http1.1 --noproxy '*' --cacert '/tmp/my ca.pem' --aws-sigv4 aws:amz:eu-west-1:ssm "
      "--user "
      "\"${AWS_ACCESS_KEY_ID:?}:${AWS_SECRET_ACCESS_KEY:?}\" -H \"X-Amz-Security-Token: "
      "${AWS_SESSION_TOKEN:?}\" -A '' "
      "-H "
      "'X-Amz-Target: AmazonSSM.DescribeDocumentPermission' -H 'Content-Type: application/x-amz-json-1.1' "
      R"(--data-binary '{"Name":"Example","PermissionType":"Share"}' https://ssm.example:9297/base/)");
  options.insecure = true;
  EXPECT_THAT(curl_command(text, options), testing::AllOf(HasSubstr(" -k "), Not(HasSubstr("--cacert"))));
}

TEST_F(ShellCommand, SendsAnyHead) {
  const auto with = [](auto change) {
    Request r = filled(ssm_request(), "SERVER");
    change(r);
    if (r.headers.contains("Content-Length")) r.headers.set("Content-Length", std::to_string(r.body.size()));
    return r;
  };
  const std::vector<Request> all{
      with([](Request&) {}),
      with([](Request& r) { r.method = "PUT"; }),
      with([](Request& r) { r.method = "o'DD!"; }),
      with([](Request& r) { r.method = "GET"; }),
      with([](Request& r) { r.method = "GET", r.body = ""; }),
      with([](Request& r) { r.method = "GET", r.body = "", r.headers.remove("Content-Length"); }),
      with([](Request& r) { r.method = "HEAD", r.body = ""; }),
      with([](Request& r) { r.method = "HEAD", r.body = "", r.headers.remove("Content-Length"); }),
      with([](Request& r) { r.method = "OPTIONS", r.target = "*"; }),
      with([](Request& r) { r.version = "HTTP/1.0"; }),
      with([](Request& r) { r.target = "/a/../b/./c//d?x=[1]&y={a,b}&z=%41#f"; }),
      with([](Request& r) { r.target = "//evil/"; }),
      with([](Request& r) { r.target = "/?"; }),
      with([](Request& r) { r.target = "http://other/x"; }),
      with([](Request& r) { r.target = "/\xc3\xa9\"|"; }),
      with([](Request& r) { r.headers.remove("Host"); }),
      with([](Request& r) { r.headers.set("Host", "other.example:1"); }),
      with([](Request& r) { r.headers.set("Host", ""); }),
      with([](Request& r) { r.headers.remove("Content-Type"); }),
      with([](Request& r) { r.headers.remove("Content-Type"), r.headers.remove("X-Amz-Target"); }),
      with([](Request& r) { r.headers.set("Content-Type", ""), r.headers.set("X-Amz-Target", ""); }),
      with([](Request& r) { r.headers.add("X-Amz-Target", "AmazonSSM.Other"); }),
      with([](Request& r) { r.headers.add("Content-Type", "text/plain"); }),
      with([](Request& r) { r.headers.add("X-Odd", "a  b\t'\"$HOME`id`\\ \xff\xc3\xa9 !!"); }),
      with([](Request& r) { r.headers.add("User-Agent", "it's me"), r.headers.add("Accept", "*/*"); }),
      with([](Request& r) { r.headers.add("User-Agent", "a"), r.headers.add("User-Agent", "b"); }),
      with([](Request& r) { r.headers.add("User-Agent", ""), r.headers.add("Accept", ""); }),
      with([](Request& r) { r.headers.add("Connection", "close"), r.headers.add("Cookie", "a=b"); }),
      with([](Request& r) { r.headers.add("Authorization", "AWS4-HMAC-SHA256 nonsense"); }),
      with([](Request& r) { r.headers.add("X-Long", std::string(60'000, 'x')); }),
      with([](Request& r) { r.headers.add("X-Longer", std::string(200'000, 'x')); }),
      with([](Request& r) { r.body = "", r.headers.remove("Content-Length"); }),
  };
  for (const Request& request : all) expect_sends(request);
}

TEST_F(ShellCommand, SendsAnyBody) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  std::string noise;  // a large body without repetition
  for (std::uint32_t i = 0, x = 1; i < 200'000; ++i)
    noise += static_cast<char>((x = x * 1664525U + 1013904223U) >> 24);
  for (const std::string& body :
       {""s, "@file"s, "{\"Name\":\"it's \\u00e9 é 漢\"}"s, "\xff\xfe"s, "a\r\nb\n"s, "\0"s, every_byte,
        "\xef\xbb\xbf{}"s, std::string(1'500, '['), "{\"Name\":\"" + std::string(1 << 20, 'a') + "\"}", noise,
        noise.substr(0, 60'000)}) {
    expect_sends(filled(ssm_request(body), "SERVER"));
  }
}

TEST_F(ShellCommand, KeepsALargeBodyReadable) {
  CurlOptions options;
  options.url = "http://127.0.0.1:4566";
  HttpText text;
  text.request = ssm_request("{\"Name\":\"" + std::string(1 << 20, 'a') + "\"}");
  const std::string line = curl_command(text, options);
  EXPECT_LT(line.size(), 400U);
  EXPECT_THAT(line,
              testing::StartsWith(
                  R"({ printf '{"Name":"'; head -c 1048576 /dev/zero | tr '\0' a; printf '"}'; } | curl )"));
}

TEST_F(ShellCommand, FillsInWhatHttpTextLeavesOut) {
  for (const bool without_host : {false, true}) {
    OneRequest server;
    CurlOptions options;
    options.url = server.url();
    options.date = true;
    HttpText text;
    text.request = ssm_request();
    if (without_host) text.without = {"host"};
    const std::string line = curl_command(text, options);
    EXPECT_THAT(run_bash(line).output, HasSubstr("answer"));
    const auto got = parse_request(server.bytes());
    ASSERT_TRUE(got.has_value()) << got.error().message;
    EXPECT_EQ(got->headers.contains("Host"), !without_host);
    EXPECT_EQ(got->headers.find("Content-Length"), std::to_string(text.request.body.size()));
    EXPECT_THAT(std::string(got->headers.find("X-Amz-Date").value_or("")),
                testing::MatchesRegex("[0-9]{8}T[0-9]{6}Z"));
    EXPECT_EQ(got->body, text.request.body);
  }
}

/// Runs the line against a server that verifies.
SignatureProblem verified(const Request& request, Signing signing, bool token,
                          std::string* line_out = nullptr, const std::string& path = "") {
  OneRequest server;
  CurlOptions options;
  options.url = server.url() + path;
  options.signing = signing;
  options.service = "ssm";
  options.session_token = token;
  HttpText text;
  text.request = request;
  const std::string line = curl_command(text, options);
  if (line_out != nullptr) *line_out = line;
  run_bash(
      "export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY='wJalr/XUt+n FEMI' "
      "AWS_SESSION_TOKEN='to/ken=='\n" +
      line);
  const auto got = parse_request(server.bytes());
  if (!got) return SignatureProblem::incomplete;
  EXPECT_EQ(got->body, request.body);
  VerifierContext context;
  context.lookup = [&](std::string_view id) -> std::optional<Credentials> {
    if (signing == Signing::literal)
      return id == "test" ? std::optional(Credentials{"test", "test", ""}) : std::nullopt;
    if (id != "AKIDEXAMPLE") return std::nullopt;
    return Credentials{"AKIDEXAMPLE", "wJalr/XUt+n FEMI", token ? "to/ken==" : ""};
  };
  context.scope = {"us-east-1", "ssm"};
  context.now = std::chrono::system_clock::now();
  return verify(*got, context);
}

TEST_F(ShellCommand, SignsSoThatItIsAccepted) {
  std::vector<Request> all;
  for (const std::string& body :
       {R"({"Name":"Example"})"s, ""s, "\0\xff"s, std::string(1'500'000, 'a'), "é"s}) {
    all.push_back(ssm_request(body));
  }
  all.push_back(ssm_request());
  all.back().headers.add("User-Agent", "me");
  all.push_back(ssm_request());
  all.back().headers.add("X-Other", "with  several   blanks");
  all.push_back(ssm_request());
  all.back().headers.set("Host", "ssm.eu-west-1.example");
  all.push_back(ssm_request());
  all.back().headers.add("Accept", "text/html");
  for (const Request& request : all) {
    for (const bool token : {false, true}) {
      std::string line;
      EXPECT_EQ(verified(request, Signing::environment, token, &line), SignatureProblem::none)
          << line.substr(0, 2'000);
      EXPECT_THAT(line, Not(HasSubstr(" # ")));
    }
    EXPECT_EQ(verified(request, Signing::literal, false), SignatureProblem::none);
  }
}

TEST_F(ShellCommand, SignsForThePathOfTheEndpoint) {
  for (const char* path : {"/", "/aws", "/aws/", "/a.b/C_d~e-f"}) {
    std::string line;
    EXPECT_EQ(verified(ssm_request(), Signing::environment, false, &line, path), SignatureProblem::none)
        << line;
    EXPECT_THAT(line, Not(HasSubstr(" # ")));
  }
  for (const char* path : {"/a:b", "/%41"}) {
    std::string line;
    EXPECT_EQ(verified(ssm_request(), Signing::environment, false, &line, path),
              SignatureProblem::wrong_signature)
        << line;
    EXPECT_THAT(line, HasSubstr("  # where signatures are verified, this is refused: curl cannot sign "));
  }
}

TEST_F(ShellCommand, SendsRawBytesToThePathOfTheEndpoint) {
  OneRequest server;
  CurlOptions options;
  options.url = server.url() + "/aws/";
  HttpText text;
  text.raw = true;
  text.raw_bytes = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n/";
  run_bash(curl_command(text, options));
  EXPECT_EQ(server.bytes(), "POST /aws/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n/");
}

TEST_F(ShellCommand, SaysWhatCurlCannotSign) {
  std::vector<Request> all;
  for (const char* without : {"Content-Type"}) {
    all.push_back(ssm_request());
    all.back().headers.remove(without);
  }
  all.push_back(ssm_request());
  all.back().headers.add("X-Amz-Target", "AmazonSSM.Other");
  all.push_back(ssm_request());
  all.back().headers.set("Content-Type", "");
  all.push_back(ssm_request());
  all.back().target = "/?b=1&a=%20";
  for (const Request& request : all) {
    std::string line;
    EXPECT_EQ(verified(request, Signing::literal, false, &line), SignatureProblem::wrong_signature) << line;
    EXPECT_THAT(line, HasSubstr("  # where signatures are verified, this is refused: curl cannot sign "));
  }
}

// Endpoints that verify nothing may still go by the header: to tell services apart, say.
TEST_F(ShellCommand, WhatCurlCannotSendHasASignatureThatIsMadeUp) {
  CurlOptions options;
  options.url = "http://127.0.0.1:4566";
  options.signing = Signing::literal;
  options.service = "ssm";
  HttpText text;
  text.request = ssm_request();
  text.request.method = "HEAD";
  const std::string line = curl_command(text, options);
  EXPECT_THAT(line, HasSubstr("Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ssm/"));
  EXPECT_THAT(line, HasSubstr("X-Amz-Date: 20260101T000000Z"));
  EXPECT_THAT(line, EndsWith(" | nc -w 5 127.0.0.1 4566  # the signature is made up: curl cannot send this"));
  text.without = {"authorization"};
  EXPECT_THAT(curl_command(text, options), Not(HasSubstr("Authorization")));
  text.without = {};
  options.signing = Signing::none;
  EXPECT_THAT(curl_command(text, options), Not(HasSubstr("Authorization")));
}

TEST_F(ShellCommand, DoesNotSignWhatIsWrittenOrForbidden) {
  CurlOptions options;
  options.url = "http://127.0.0.1:4566";
  options.signing = Signing::literal;
  options.service = "ssm";
  HttpText text;
  text.request = ssm_request();
  EXPECT_THAT(curl_command(text, options), HasSubstr("--aws-sigv4"));
  text.without = {"authorization"};
  EXPECT_THAT(curl_command(text, options), Not(HasSubstr("--aws-sigv4")));
  text.without = {};
  text.request.headers.add("authorization", "mine");
  EXPECT_THAT(curl_command(text, options),
              testing::AllOf(Not(HasSubstr("--aws-sigv4")), HasSubstr("-H 'authorization: mine'")));
  text.request = ssm_request();
  text.without = {"x-amz-date"};
  EXPECT_THAT(
      curl_command(text, options),
      testing::AllOf(Not(HasSubstr("--aws-sigv4")), Not(HasSubstr("X-Amz-Date")),
                     HasSubstr("-H 'Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ssm/"),
                     EndsWith("  # the signature is made up: curl adds a date to what it signs")));
  text.request.headers.add("authorization", "mine");
  // A request as it was sent: signed anew, and nothing of the old signature is left.
  Request sent = filled(text.request, "127.0.0.1:4566");
  sent.headers.add("X-Amz-Date", "20200101T000000Z");
  sent.headers.add("X-Amz-Security-Token", "secret");
  EXPECT_THAT(curl_command(sent, options),
              testing::AllOf(HasSubstr("--aws-sigv4"), Not(HasSubstr("mine")), Not(HasSubstr("20200101")),
                             Not(HasSubstr("secret"))));
}

TEST_F(ShellCommand, SendsBrokenFramingByteForByte) {
  const std::vector<std::string> all{
      "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc",
      "GARBAGE\r\n\r\n",
      "\x16\x03\x01\0\xff%s\\n'-e"s,
      "-e POST / HTTP/1.1\nX: y\n\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n" + std::string(100'000, 'x'),
  };
  for (const std::string& bytes : all) {
    OneRequest server(bytes.size());
    CurlOptions options;
    options.url = server.url();
    HttpText text;
    text.raw = true;
    text.raw_bytes = bytes;
    const std::string line = curl_command(text, options);
    EXPECT_THAT(line, HasSubstr(" | nc -w 5 127.0.0.1 "));
    // nc reads the answer although its own input has ended.
    EXPECT_THAT(run_bash(line).output, EndsWith("answer")) << line.substr(0, 500);
    EXPECT_TRUE(server.bytes() == bytes) << line.substr(0, 500);
  }
}

TEST_F(ShellCommand, GoesAroundCurlWhereItWouldChangeTheRequest) {
  const auto with = [](auto change) {
    Request r = filled(ssm_request(), "SERVER");
    change(r);
    return r;
  };
  CurlOptions options;
  options.url = "http://127.0.0.1:4566";
  for (const Request& request :
       {with([](Request& r) { r.headers.set("Content-Length", "5"); }),
        with([](Request& r) { r.headers.set("Content-Length", "+43"); }),
        with([](Request& r) { r.headers.add("Content-Length", "43"); }),
        with([](Request& r) { r.headers.remove("Content-Length"); }),
        with([](Request& r) { r.headers.add("Transfer-Encoding", "chunked"); }),
        with([](Request& r) { r.headers.add("Host", "b"); }),
        with([](Request& r) { r.headers.add("X Y", "b"); }),
        with([](Request& r) { r.headers.add("@file", "b"); }),
        with([](Request& r) { r.headers.add("X", "a\r\nY: b"); }),
        with([](Request& r) { r.headers.add("X", "  "); }), with([](Request& r) { r.method = "A B"; }),
        with([](Request& r) { r.method = ""; }), with([](Request& r) { r.method = "HEAD"; }),
        with([](Request& r) { r.target = ""; }), with([](Request& r) { r.target = "/\n"; }),
        with([](Request& r) { r.version = "HTTP/2.0"; })}) {
    const std::string line = curl_command(request, options);
    EXPECT_EQ(line, raw_command(to_bytes(request), options));
  }
}

TEST_F(ShellCommand, RawOverTlsNamesItsServer) {
  CurlOptions options;
  options.url = "https://ssm.example";
  options.ca_bundle = "/ca.pem";
  EXPECT_EQ(raw_command("x", options),
            "printf 'x' | timeout 5 openssl s_client -quiet -connect ssm.example:443 -servername ssm.example "
            "-verify_return_error -CAfile /ca.pem");
  options.url = "https://[::1]:9297";
  options.insecure = true;
  EXPECT_EQ(raw_command("x", options),
            "printf 'x' | timeout 5 openssl s_client -quiet -connect '[::1]:9297'");
  options.url = "http://[::1]:9297";
  EXPECT_EQ(raw_command("x", options), "printf 'x' | nc -w 5 ::1 9297");
}

class ShellVariables : public testing::Test {
 protected:
  // What bash prints for a line in which "made-1" was to stand, and stands for "a b" now.
  static std::string printed(const std::string& line) {
    return run_bash("ID_1='a b'; " + with_variable(line, "made-1", "ID_1")).output;
  }
};

TEST_F(ShellVariables, StandForATextInAnyQuotes) {
  EXPECT_EQ(printed("printf '[%s]' made-1"), "[a b]");
  EXPECT_EQ(printed("printf '[%s]' 'x made-1 y'"), "[x a b y]");
  EXPECT_EQ(printed(R"(printf '[%s]' "x made-1 y")"), "[x a b y]");
  EXPECT_EQ(printed(R"(printf '[%s]' $'it\'s made-1\ty')"), "[it's a b\ty]");
  EXPECT_EQ(printed(R"(printf '[%s]' "a \"made-1\" b" made-1)"), "[a \"a b\" b][a b]");
  EXPECT_EQ(printed(R"(printf '[%s]' 'it'\''s made-1')"), "[it's a b]");
  EXPECT_EQ(printed("printf '[%s]' nothing"), "[nothing]");
}

TEST_F(ShellVariables, KeepWhatAnAnswerSays) {
  const auto kept = [](const char* body) {
    return run_bash(keep_member("printf '%s\\n' " + std::string(body), "LampId", "ID_1") +
                    "; printf '[%s]' \"$ID_1\"")
        .output;
  };
  EXPECT_EQ(kept(R"('HTTP/1.1 200 OK' '' '{"LampId":"lamp-1","Name":"x"}')"), "[lamp-1]");
  EXPECT_EQ(kept(R"('{"Lamp": {"LampId" : "lamp-1"}}')"), "[lamp-1]");
  EXPECT_EQ(kept(R"('{"Name":"x"}')"), "[]");
}

}  // namespace
}  // namespace harness::wire::shell_command_test
