#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "conformance/ssm/fault_support.h"

// NextToken and pages of DescribeDocumentPermission.
namespace conformance::ssm::documents {
namespace {

using enum FaultClass;
using enum Difficulty;
using wire::Json;

std::string clause(const char* rest) {
  return std::string("describe-document-permission/") + rest;
}

/// Refused tokens that fulfil `when` are answered with an empty page.
Fault accepts_token(std::string name, Difficulty difficulty, std::string description,
                    std::function<bool(const std::string&)> when) {
  return fault(
      {std::move(name), token, clause("next-token/from-previous-call"), difficulty, std::move(description)},
      [=] {
        FaultHooks hooks;
        hooks.outcome = [=](std::string_view, const Json& input, Outcome& outcome) {
          if (!refused(outcome, "InvalidNextToken")) return;
          const auto token = text_of(input, "NextToken");
          if (token && when(*token)) outcome = no_accounts();
        };
        return hooks;
      });
}

/// Refused tokens that fulfil `when` make the endpoint fail.
Fault fails_on_token(std::string name, std::string description,
                     std::function<bool(const std::string&)> when) {
  return fault({std::move(name), token, clause("errors/invalid-next-token"), hard, std::move(description)},
               [=] {
                 FaultHooks hooks;
                 hooks.outcome = [=](std::string_view, const Json& input, Outcome& outcome) {
                   if (!refused(outcome, "InvalidNextToken")) return;
                   const auto token = text_of(input, "NextToken");
                   if (token && when(*token))
                     outcome = refuse("InternalServerError", "Traceback (most recent call last)", 500);
                 };
                 return hooks;
               });
}

/// What a faulty pager has given out: token -> document.
using Issued = std::map<std::string, std::string>;

/// A fault that knows every token that was given out.
Fault with_issued(About about,
                  std::function<void(const Json& input, Outcome& outcome, const Issued& issued)> judge) {
  return fault(std::move(about), [=] {
    const auto issued = std::make_shared<Issued>();
    FaultHooks hooks;
    hooks.outcome = [=](std::string_view operation, const Json& input, Outcome& outcome) {
      if (operation != kDescribe || !input.is_object()) return;
      judge(input, outcome, *issued);
      if (!outcome) return;
      if (const auto token = text_of(*outcome, "NextToken"))
        (*issued)[*token] = text_of(input, "Name").value_or("");
    };
    return hooks;
  });
}

/// One character apart.
bool alike(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  int differences = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differences += a[i] != b[i] ? 1 : 0;
  return differences == 1;
}

Fault pages(std::string name, const char* clause_of, Difficulty difficulty, std::string description,
            std::function<void(const Json& input, Json& output)> edit) {
  return alters({std::move(name), paging, clause(clause_of), difficulty, std::move(description)}, kDescribe,
                std::move(edit));
}

bool has_token(const Json& json) {
  return json.contains("NextToken") && json["NextToken"].is_string();
}

void drop_last(Json& output) {
  if (output["AccountIds"].empty()) return;
  output["AccountIds"].erase(output["AccountIds"].size() - 1);
  output["AccountSharingInfoList"].erase(output["AccountSharingInfoList"].size() - 1);
}

void drop_first(Json& output) {
  if (output["AccountIds"].empty()) return;
  output["AccountIds"].erase(0);
  output["AccountSharingInfoList"].erase(0);
}

Fault reads_size(std::string name, const char* clause_of, Difficulty difficulty, std::string description,
                 Edit edit) {
  return reads_as({std::move(name), paging, clause(clause_of), difficulty, std::move(description)}, kDescribe,
                  "MaxResults", std::move(edit));
}

bool in_range(const Json& value) {
  return value.is_number_integer() && value >= 1 && value <= 200;
}

std::vector<Fault> token_faults() {
  std::vector<Fault> all = {
      reads_as({"tokens-ignored", token, clause("next-token/meaning"), easy, "Does not look at NextToken."},
               kDescribe, "NextToken",
               [](Json& value) {
                 if (value.is_string()) value = nullptr;
               }),
      accepts_token("tokens-any-accepted", easy, "Answers every unknown token with an empty page.",
                    [](const std::string&) { return true; }),
      accepts_token("tokens-numbers-accepted", medium, "Takes digits for an offset.",
                    [](const std::string& token) {
                      return !token.empty() && std::all_of(token.begin(), token.end(),
                                                           [](char c) { return c >= '0' && c <= '9'; });
                    }),
      accepts_token("tokens-long-accepted", hard, "Does not check tokens of more than 1,000 characters.",
                    [](const std::string& token) { return token.size() > 1000; }),
      accepts_token("tokens-with-spaces-accepted", hard, "Ignores tokens that hold a space.",
                    [](const std::string& token) { return token.find(' ') != std::string::npos; }),
      with_issued({"tokens-of-other-documents-accepted", token, clause("next-token/from-previous-call"), hard,
                   "Does not bind tokens to a document."},
                  [](const Json& input, Outcome& outcome, const Issued& issued) {
                    if (!refused(outcome, "InvalidNextToken")) return;
                    const auto found = issued.find(text_of(input, "NextToken").value_or(""));
                    if (found != issued.end()) outcome = no_accounts();
                  }),
      with_issued({"tokens-changed-accepted", token, clause("next-token/from-previous-call"), hard,
                   "Does not notice that one character of a token was changed."},
                  [](const Json& input, Outcome& outcome, const Issued& issued) {
                    if (!refused(outcome, "InvalidNextToken")) return;
                    const auto token = text_of(input, "NextToken").value_or("");
                    for (const auto& [known, document] : issued) {
                      if (alike(token, known)) outcome = no_accounts();
                    }
                  }),
      with_issued({"tokens-suffix-accepted", token, clause("next-token/from-previous-call"), hard,
                   "Ignores what stands behind a token."},
                  [](const Json& input, Outcome& outcome, const Issued& issued) {
                    if (!refused(outcome, "InvalidNextToken")) return;
                    const auto token = text_of(input, "NextToken").value_or("");
                    for (const auto& [known, document] : issued) {
                      if (token.starts_with(known)) outcome = no_accounts();
                    }
                  }),
      with_issued({"tokens-prefix-accepted", token, clause("next-token/from-previous-call"), hard,
                   "Is content with the beginning of a token."},
                  [](const Json& input, Outcome& outcome, const Issued& issued) {
                    if (!refused(outcome, "InvalidNextToken")) return;
                    const auto token = text_of(input, "NextToken").value_or("");
                    for (const auto& [known, document] : issued) {
                      if (!token.empty() && known.starts_with(token)) outcome = no_accounts();
                    }
                  }),
      with_issued({"tokens-own-refused", token, clause("response/next-token/meaning"), easy,
                   "Refuses the tokens that it gave out."},
                  [](const Json& input, Outcome& outcome, const Issued& issued) {
                    const auto token = text_of(input, "NextToken");
                    if (token && issued.contains(*token)) outcome = refuse("InvalidNextToken", "expired");
                  }),
      fails_on_token("tokens-base64-500", "Fails (500) on tokens that are base64 of something else.",
                     [](const std::string& token) { return token.ends_with('='); }),
      fails_on_token("tokens-beyond-ascii-500", "Fails (500) on tokens beyond ASCII.",
                     [](const std::string& token) {
                       return std::any_of(token.begin(), token.end(), [](char c) { return (c & 0x80) != 0; });
                     }),
      fails_on_token("tokens-negative-500", "Fails (500) on the token -1.",
                     [](const std::string& token) { return token == "-1"; }),
      fails_on_token("tokens-quotes-500", "Fails (500) on a quote in a token.",
                     [](const std::string& token) { return token.find('\'') != std::string::npos; }),
      with_issued({"tokens-of-absent-document-accepted", token, clause("next-token/from-previous-call"), hard,
                   "Does not ask whether the document exists if there is a token."},
                  [](const Json& input, Outcome& outcome, const Issued&) {
                    if (refused(outcome, "InvalidDocument") && has_token(input)) outcome = no_accounts();
                  }),
  };
  for (Fault& f : all) f.on_large_bodies = f.name == "tokens-long-accepted";
  return all;
}

std::vector<Fault> paging_faults() {
  return {
      reads_size("pages-ignore-max-results", "max-results/page-size", easy, "Puts everything on one page.",
                 [](Json& value) {
                   if (in_range(value)) value = 200;
                 }),
      reads_size("pages-one-too-large", "max-results/page-size", medium,
                 "Puts one account too many on a page.",
                 [](Json& value) {
                   if (in_range(value) && value < 200) value = value.get<int>() + 1;
                 }),
      reads_size("pages-at-least-two", "max-results/page-size", hard, "Puts two accounts on a page of one.",
                 [](Json& value) {
                   if (value == 1) value = 2;
                 }),
      reads_size("pages-of-three-hold-four", "max-results/page-size", hard,
                 "Puts four accounts on a page of three.",
                 [](Json& value) {
                   if (value == 3) value = 4;
                 }),
      pages("pages-without-token", "response/next-token/meaning", easy, "Gives no NextToken.",
            [](const Json&, Json& output) { output.erase("NextToken"); }),
      pages("pages-lose-last", "next-token/meaning", easy,
            "Loses the last account of every page that has a successor.",
            [](const Json&, Json& output) {
              if (has_token(output)) drop_last(output);
            }),
      pages("pages-lose-first-of-next", "next-token/meaning", medium,
            "Skips the first account of later pages.",
            [](const Json& input, Json& output) {
              if (has_token(input)) drop_first(output);
            }),
      pages("pages-lose-the-last-page", "max-results/token", hard, "The last of several pages is empty.",
            [](const Json& input, Json& output) {
              if (!has_token(input) || has_token(output)) return;
              while (!output["AccountIds"].empty()) drop_last(output);
            }),
      pages("pages-lose-beyond-20", "max-results/token", hard,
            "Gives at most 20 accounts, and no NextToken for the rest.",
            [](const Json& input, Json& output) {
              if (has_token(input) || output["AccountIds"].size() < 20) return;
              while (output["AccountIds"].size() > 20) drop_last(output);
              output.erase("NextToken");
            }),
      fault({"pages-repeat-one", paging, clause("next-token/meaning"), medium,
             "Begins each page with the last account of the one before."},
            [] {
              const auto last = std::make_shared<std::map<std::string, std::pair<Json, Json>>>();
              FaultHooks hooks;
              hooks.outcome = [last](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation != kDescribe || !outcome) return;
                Json& ids = (*outcome)["AccountIds"];
                Json& infos = (*outcome)["AccountSharingInfoList"];
                if (ids.empty()) return;
                const Json last_id = ids.back();
                const Json last_info = infos.back();
                const auto before = last->find(text_of(input, "NextToken").value_or(""));
                if (before != last->end()) {
                  // In place of the page's last, so that the page does not get too large.
                  ids.insert(ids.begin(), before->second.first);
                  infos.insert(infos.begin(), before->second.second);
                  if (ids.size() > 2) drop_last(*outcome);
                }
                if (const auto token = text_of(*outcome, "NextToken")) (*last)[*token] = {last_id, last_info};
              };
              return hooks;
            }),
      pages("pages-never-end", "response/next-token/meaning", medium, "Gives the last page again and again.",
            [](const Json& input, Json& output) {
              if (has_token(input) && !has_token(output)) output["NextToken"] = input["NextToken"];
            }),
      fault({"pages-start-again", paging, clause("next-token/meaning"), hard,
             "After the last page, gives a token of the first one."},
            [] {
              const auto first = std::make_shared<std::map<std::string, Json>>();
              FaultHooks hooks;
              hooks.outcome = [first](std::string_view operation, const Json& input, Outcome& outcome) {
                if (operation != kDescribe || !outcome) return;
                const std::string name = text_of(input, "Name").value_or("");
                if (!has_token(input) && has_token(*outcome)) (*first)[name] = (*outcome)["NextToken"];
                const auto known = first->find(name);
                if (has_token(input) && !has_token(*outcome) && known != first->end())
                  (*outcome)["NextToken"] = known->second;
              };
              return hooks;
            }),
      pages("pages-hold-an-account-twice", "response/account-ids/meaning", medium,
            "Names the first account twice.",
            [](const Json&, Json& output) {
              if (output["AccountIds"].empty()) return;
              output["AccountIds"].push_back(Json(output["AccountIds"].front()));
              output["AccountSharingInfoList"].push_back(Json(output["AccountSharingInfoList"].front()));
            }),
      pages("pages-default-loses", "max-results/optional", hard,
            "Without MaxResults, names ten accounts only.",
            [](const Json& input, Json& output) {
              if (!absent(input, "MaxResults")) return;
              const bool cut = output["AccountIds"].size() > 10;
              while (output["AccountIds"].size() > 10) drop_last(output);
              if (cut) output.erase("NextToken");
            }),
      fault({"pages-share-one-cursor", paging, clause("next-token/meaning"), hard,
             "Keeps one cursor per document: two readers disturb each other."},
            [] {
              const auto newest = std::make_shared<std::map<std::string, std::string>>();
              const auto known = std::make_shared<std::set<std::string>>();
              FaultHooks hooks;
              hooks.input = [newest, known](std::string_view operation, Json& input) {
                if (operation != kDescribe || !input.is_object()) return;
                const auto token = text_of(input, "NextToken");
                const auto found = newest->find(text_of(input, "Name").value_or(""));
                if (token && known->contains(*token) && found != newest->end())
                  input["NextToken"] = found->second;
              };
              hooks.outcome = [newest, known](std::string_view operation, const Json& input,
                                              Outcome& outcome) {
                if (operation != kDescribe || !outcome) return;
                if (const auto token = text_of(*outcome, "NextToken")) {
                  (*newest)[text_of(input, "Name").value_or("")] = *token;
                  known->insert(*token);
                }
              };
              return hooks;
            }),
  };
}

}  // namespace

std::vector<Fault> faults_paging() {
  return joined({token_faults(), paging_faults()});
}

}  // namespace conformance::ssm::documents
