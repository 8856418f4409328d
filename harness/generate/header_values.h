#pragma once

#include <array>
#include <string_view>
#include <utility>

/// Internal to the mutator: header lines that servers, proxies and frameworks act on.
namespace harness::generate {

using HeaderValue = std::pair<std::string_view, std::string_view>;

inline constexpr std::array<HeaderValue, 66> kHeaderValues = {{
    {"Accept", "*/*"},
    {"Accept", "application/json"},
    {"Accept", "text/html"},
    {"Accept-Encoding", "identity"},
    {"Accept-Encoding", "gzip"},
    {"Accept-Encoding", "gzip, deflate, br"},
    {"Accept-Language", "de"},
    {"Amz-Sdk-Invocation-Id", "00000000-0000-4000-8000-000000000000"},
    {"Amz-Sdk-Request", "attempt=1; max=3"},
    {"Authorization", ""},
    {"Authorization", "AWS4-HMAC-SHA256"},
    {"Authorization", "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=0"},
    {"Authorization", "Basic eDp4"},
    {"Authorization", "Bearer x"},
    {"Cache-Control", "no-cache"},
    {"Connection", "close"},
    {"Connection", "keep-alive"},
    {"Connection", "keep-alive, close"},
    {"Connection", "Upgrade"},
    {"Connection", "X-Amz-Target"},
    {"Content-Encoding", "identity"},
    {"Content-Encoding", "gzip"},
    {"Content-Encoding", "amz-1.0"},
    {"Content-Encoding", "x"},
    {"Content-Language", "en"},
    {"Content-Md5", "AAAAAAAAAAAAAAAAAAAAAA=="},
    {"Content-Type", "application/x-amz-json-1.1"},
    {"Content-Type", "application/json"},
    {"Cookie", "a=b"},
    {"Date", "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"Expect", "100-continue"},
    {"Expect", "x"},
    {"Forwarded", "for=192.0.2.1;proto=https"},
    {"Host", "localhost"},
    {"Host", ""},
    {"If-Match", "*"},
    {"If-None-Match", "*"},
    {"Keep-Alive", "timeout=0"},
    {"Max-Forwards", "0"},
    {"Origin", "http://example.com"},
    {"Pragma", "no-cache"},
    {"Range", "bytes=0-0"},
    {"Referer", "http://example.com/"},
    {"TE", "trailers"},
    {"Trailer", "X-Amz-Target"},
    {"Transfer-Encoding", "identity"},
    {"Upgrade", "h2c"},
    {"Upgrade", "websocket"},
    {"User-Agent", ""},
    {"User-Agent", "aws-cli/2.0"},
    {"Via", "1.1 x"},
    {"X-Amz-Api-Version", "2014-11-06"},
    {"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"},
    {"X-Amz-Content-Sha256", "x"},
    {"X-Amz-Date", "20000101T000000Z"},
    {"X-Amz-Date", "x"},
    {"X-Amz-Decoded-Content-Length", "0"},
    {"X-Amz-Security-Token", "x"},
    {"X-Amz-Target", "AmazonSSM.DeleteDocument"},
    {"X-Amz-User-Agent", "aws-sdk-js/1.0"},
    {"X-Amzn-Trace-Id", "Root=1-00000000-000000000000000000000000"},
    {"X-Forwarded-For", "192.0.2.1"},
    {"X-Forwarded-Proto", "https"},
    {"X-Http-Method-Override", "GET"},
    {"X-Original-Url", "/x"},
    {"X-Request-Id", "x"},
}};

inline constexpr std::array<std::string_view, 24> kContentTypes = {
    "application/x-amz-json-1.1",
    "application/x-amz-json-1.0",
    "application/x-amz-json-1.1; charset=utf-8",
    "application/x-amz-json-1.1;charset=UTF-8",
    "application/x-amz-json-1.1; charset=utf-16",
    "application/x-amz-json-1.1; charset=iso-8859-1",
    "application/x-amz-json-1.1; charset=\"utf-8\"",
    "application/x-amz-json-1.1; charset=",
    "application/x-amz-json-1.1;",
    "application/x-amz-json-1.1 ; q=1",
    "application/x-amz-json-1.1, application/json",
    "APPLICATION/X-AMZ-JSON-1.1",
    "Application/X-Amz-Json-1.1",
    "application/json",
    "application/json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "application/xml",
    "application/cbor",
    "multipart/form-data; boundary=x",
    "text/plain",
    "text/html",
    "*/*",
    "",
    "x",
};

/// What may follow a media type (RFC 9110 §8.3.1), rightly or not.
inline constexpr std::array<std::string_view, 10> kParameters = {
    "; charset=utf-8", ";charset=UTF-8", "; q=1",        "; version=1.1", ";",
    "; boundary=x",    ";a=\"b;c\"",     "; charset=\"", "; =x",          ";; a=b",
};

inline constexpr std::array<std::string_view, 18> kMethods = {
    "GET",  "HEAD",  "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE",    "CONNECT",  "post",
    "Post", "POSTS", "POS", "QUERY",  "PRI",     "X",     "M-SEARCH", "PROPFIND", "{{repeat 300 A}}"};

inline constexpr std::array<std::string_view, 26> kPaths = {"//",
                                                            "/x",
                                                            "/?",
                                                            "/?a=b",
                                                            "/?Action=DescribeDocumentPermission",
                                                            "/%",
                                                            "/%2f",
                                                            "/%00",
                                                            "/%zz",
                                                            "/..",
                                                            "/../..",
                                                            "/./",
                                                            "/;",
                                                            "/#",
                                                            "*",
                                                            "x",
                                                            "",
                                                            "http://localhost/",
                                                            "https://localhost/",
                                                            "localhost:80",
                                                            "/\xc3\xa9",
                                                            "/ /",
                                                            "/ssm",
                                                            "/2014-11-06/",
                                                            "/{{repeat 300 a}}",
                                                            "/?{{repeat 4000 a}}"};

inline constexpr std::array<std::string_view, 9> kVersions = {
    "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/2", "HTTP/0.9", "http/1.1", "HTTP/1", "HTTP/1.10", "HTTPS/1.1"};

}  // namespace harness::generate
