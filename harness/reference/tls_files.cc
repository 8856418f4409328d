#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <string>

#include "harness/reference/server.h"

namespace harness::reference {
namespace {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using File = std::unique_ptr<std::FILE, Deleter<std::fclose>>;

std::string openssl_error() {
  char text[256] = "no reason given";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  return text;
}

bool add_extension(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_random_serial(X509* certificate) {
  constexpr int kBits = 127;
  const Number serial(BN_new());
  return serial && BN_rand(serial.get(), kBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

/// An unsigned certificate of `key` for `name`, valid from a day ago (clocks differ) for a year.
Certificate new_certificate(EVP_PKEY* key, const char* name) {
  constexpr long kDay = 24 * 60 * 60;
  Certificate certificate(X509_new());
  if (!certificate) return nullptr;
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const bool good =
      X509_set_version(certificate.get(), X509_VERSION_3) == 1 && set_random_serial(certificate.get()) &&
      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kDay) != nullptr &&
      X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 365 * kDay) != nullptr &&
      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name),
                                 -1, -1, 0) == 1 &&
      X509_set_pubkey(certificate.get(), key) == 1;
  return good ? std::move(certificate) : nullptr;
}

Certificate make_authority(EVP_PKEY* key) {
  Certificate ca = new_certificate(key, "reference endpoint CA");
  const bool good = ca && X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get())) == 1 &&
                    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
                    add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash") &&
                    X509_sign(ca.get(), key, EVP_sha256()) > 0;
  return good ? std::move(ca) : nullptr;
}

Certificate make_leaf(EVP_PKEY* key, X509* ca, EVP_PKEY* ca_key) {
  Certificate leaf = new_certificate(key, "127.0.0.1");
  const bool good =
      leaf && X509_set_issuer_name(leaf.get(), X509_get_subject_name(ca)) == 1 &&
      add_extension(leaf.get(), ca, NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(leaf.get(), ca, NID_key_usage, "critical,digitalSignature") &&
      add_extension(leaf.get(), ca, NID_ext_key_usage, "serverAuth") &&
      add_extension(leaf.get(), ca, NID_subject_key_identifier, "hash") &&
      add_extension(leaf.get(), ca, NID_authority_key_identifier, "keyid:always") &&
      add_extension(leaf.get(), ca, NID_subject_alt_name, "IP:127.0.0.1,IP:::1,DNS:localhost") &&
      X509_sign(leaf.get(), ca_key, EVP_sha256()) > 0;
  return good ? std::move(leaf) : nullptr;
}

/// Opens a file that only its owner may read: keys go through here too.
File create(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  return File(descriptor < 0 ? nullptr : ::fdopen(descriptor, "w"));
}

template <class Write>
Status write_file(const std::string& path, Write write) {
  File file = create(path);
  if (!file) return fail("cannot write " + path);
  const bool written = write(file.get()) == 1;
  // Closing is when a full disk shows.
  if (std::fclose(file.release()) != 0 || !written) return fail("cannot write " + path);
  return {};
}

}  // namespace

Result<TlsFiles> make_tls_files(const std::string& directory) {
  const Key ca_key(EVP_EC_gen("P-256"));
  const Key leaf_key(EVP_EC_gen("P-256"));
  if (!ca_key || !leaf_key) return fail("cannot make a key: " + openssl_error());
  const Certificate ca = make_authority(ca_key.get());
  if (!ca) return fail("cannot make a CA: " + openssl_error());
  const Certificate leaf = make_leaf(leaf_key.get(), ca.get(), ca_key.get());
  if (!leaf) return fail("cannot make a certificate: " + openssl_error());

  TlsFiles files{directory + "/ca.pem", directory + "/server.pem", directory + "/server.key"};
  const auto status =
      write_file(files.ca_bundle, [&](std::FILE* f) { return PEM_write_X509(f, ca.get()); })
          .and_then([&] {
            return write_file(files.certificate, [&](std::FILE* f) { return PEM_write_X509(f, leaf.get()); });
          })
          .and_then([&] {
            return write_file(files.private_key, [&](std::FILE* f) {
              return PEM_write_PrivateKey(f, leaf_key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            });
          });
  if (!status) return tl::unexpected(status.error());
  return files;
}

}  // namespace harness::reference
