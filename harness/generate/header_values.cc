#include "harness/generate/header_values.h"

#include "harness/base/ascii.h"

namespace harness::generate {
namespace {

// The first operation whose name begins with this verb, or else the first of all.
std::string named_like(const model::Model& model, std::string_view verb) {
  for (const model::Operation& operation : model.operations()) {
    if (operation.name.starts_with(verb)) return operation.name;
  }
  return model.operations().front().name;
}

// AWS JSON has two: 1.0 and 1.1.
std::string another_version(std::string type) {
  type.back() = type.back() == '0' ? '1' : '0';
  return type;
}

// Every word of it with a capital letter.
std::string capitalised(std::string type) {
  bool begins = true;
  for (char& c : type) {
    if (begins) c = base::upper(c);
    begins = c == '/' || c == '-';
  }
  return type;
}

std::vector<std::pair<std::string, std::string>> header_values(const model::Model& model) {
  const model::ServiceIdentity& service = model.identity();
  return {
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
      {"Content-Type", service.content_type},
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
      {"X-Amz-Api-Version", service.version},
      {"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"},
      {"X-Amz-Content-Sha256", "x"},
      {"X-Amz-Date", "20000101T000000Z"},
      {"X-Amz-Date", "x"},
      {"X-Amz-Decoded-Content-Length", "0"},
      {"X-Amz-Security-Token", "x"},
      {"X-Amz-Target", service.target_prefix + "." + named_like(model, "Delete")},
      {"X-Amz-User-Agent", "aws-sdk-js/1.0"},
      {"X-Amzn-Trace-Id", "Root=1-00000000-000000000000000000000000"},
      {"X-Forwarded-For", "192.0.2.1"},
      {"X-Forwarded-Proto", "https"},
      {"X-Http-Method-Override", "GET"},
      {"X-Original-Url", "/x"},
      {"X-Request-Id", "x"},
  };
}

std::vector<std::string> content_types_like(const std::string& right) {
  return {
      right,
      another_version(right),
      right + "; charset=utf-8",
      right + ";charset=UTF-8",
      right + "; charset=utf-16",
      right + "; charset=iso-8859-1",
      right + "; charset=\"utf-8\"",
      right + "; charset=",
      right + ";",
      right + " ; q=1",
      right + ", application/json",
      base::upper(right),
      capitalised(right),
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
}

std::vector<std::string> path_values(const model::Model& model) {
  const model::ServiceIdentity& service = model.identity();
  return {
      "//",
      "/x",
      "/?",
      "/?a=b",
      "/?Action=" + named_like(model, "Describe"),
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
      "/" + service.signing_name,
      "/" + service.version + "/",
      "/{{repeat 300 a}}",
      "/?{{repeat 4000 a}}",
  };
}

}  // namespace

HeadValues::HeadValues(const model::Model& model)
    : headers(header_values(model)),
      content_types(content_types_like(model.identity().content_type)),
      paths(path_values(model)) {}

}  // namespace harness::generate
