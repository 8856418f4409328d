"use strict";
// The list of cases and the map of constraints, out of the data that the page carries. Texts reach the page
// as text, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const text = (i) => data.texts[i];
const texts = (list) => list.map(text);
const kFields = ["q", "verdict", "operation", "rule", "cause"];
const kPage = 200;
const byId = (id) => document.getElementById(id);

function element(name, content, className) {
  const out = document.createElement(name);
  if (className) out.className = className;
  for (const part of [].concat(content === undefined ? [] : content)) out.append(part);
  return out;
}

// JSON with line ends and indentation; every token stays as it was sent. What is no JSON comes back unchanged:
// there, white space may be the matter.
function pretty(body) {
  try {
    JSON.parse(body);
  } catch {
    return body;
  }
  let out = "", depth = 0;
  const line = () => "\n" + "  ".repeat(depth);
  for (const [token] of body.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g)) {
    const opens = token === "{" || token === "[", closes = token === "}" || token === "]";
    if (closes) {
      depth -= 1;
      out = /[{[]\s*$/.test(out) ? out.trimEnd() : out + line();
    }
    out += token;
    if (opens) depth += 1;
    if (opens || token === ",") out += line();
    if (token === ":") out += " ";
  }
  return out;
}

// A message with its body, if it has one, as pretty() writes it.
function message(whole) {
  const at = whole.search(/\n\r?\n/);
  if (at < 0) return pretty(whole);
  const end = whole.indexOf("\n", at + 1) + 1;
  return whole.slice(0, end) + pretty(whole.slice(end));
}

async function copy(pre, button) {
  try {
    await navigator.clipboard.writeText(pre.textContent);
  } catch {
    getSelection().selectAllChildren(pre);
    document.execCommand("copy");
  }
  button.textContent = "copied";
  setTimeout(() => { button.textContent = "copy"; }, 1500);
}

function block(content) {
  const pre = element("pre", content);
  const button = element("button", "copy", "copy");
  button.type = "button";
  button.addEventListener("click", () => copy(pre, button));
  return element("div", [button, pre], "copied");
}

// A sentence of the documentation, with a link to where it stands.
function clause(id) {
  const source = data.sources[id];
  if (source === undefined) return element("code", id);
  const link = element("a", source.requirement);
  link.href = source.source;
  link.rel = "noreferrer";
  return element("span", [link, " ", element("code", id)]);
}

function details(c) {
  const list = element("dl");
  const add = (name, ...parts) => {
    if (parts.length > 0) list.append(element("dt", name), ...parts.map((part) => element("dd", [part])));
  };
  const shown = (i) => (text(i) === "" ? [] : [text(i)]);
  add("Requirement", ...shown(c.title), ...texts(c.because));
  add("Clause", ...texts(c.clauses).map(clause));
  add("Finding", ...texts(c.findings));
  add("Breaks", ...texts(c.breaks).map((id) => element("code", id)));
  add("Admissible", ...shown(c.admissible).map(block));
  add("Steps", ...shown(c.steps).map(block));
  add("Sent", ...shown(c.sent).map(message).map(block));
  add("Answered", ...shown(c.answered).map(message).map(block));
  add("Reproduce", ...shown(c.reproduce).map(block));
  const link = element("a", "link to this case");
  link.href = "#" + new URLSearchParams({ case: text(c.id) });
  list.append(element("dd", [link]));
  return list;
}

function row(c, open) {
  const summary = element("summary", [
    element("span", c.verdict, "verdict " + c.verdict), " ", element("code", text(c.id)), " ", text(c.title)]);
  if (text(c.reason) !== "") summary.append(" (" + text(c.reason) + ")");
  const out = element("details", summary);
  const fill = () => { if (out.childElementCount === 1) out.append(details(c)); };
  out.addEventListener("toggle", fill);
  if (open) {
    fill();
    out.open = true;
  }
  return out;
}

let matching = [], shownCases = 0, lower = null;

function showMore() {
  const end = Math.min(shownCases + kPage, matching.length);
  byId("cases").append(...matching.slice(shownCases, end).map((c) => row(c, matching.length === 1)));
  shownCases = end;
  byId("more").hidden = end === matching.length;
  byId("count").textContent = matching.length.toLocaleString("en") + " of " +
    data.cases.length.toLocaleString("en") + " cases";
}

function filter() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const field of kFields) {
    const input = byId(field);
    const value = wanted.get(field) || "";
    if (input.value !== value) input.value = value;
  }
  const q = byId("q").value.toLowerCase(), cause = byId("cause").value, alone = wanted.get("case");
  const verdict = byId("verdict").value, operation = byId("operation").value, rule = byId("rule").value;
  // Each text is searched once, however many cases have it.
  if (q !== "" && lower === null) lower = data.texts.map((t) => t.toLowerCase());
  const found = q === "" ? [] : lower.map((t) => t.includes(q));
  const holds = (i) => found[i];
  matching = data.cases.filter((c) =>
    (alone === null || text(c.id) === alone) &&
    (verdict === "" || c.verdict === verdict) &&
    (operation === "" || text(c.operation) === operation) &&
    (rule === "" || texts(c.rules).includes(rule)) &&
    (cause === "" || c.causes.includes(Number(cause))) &&
    (q === "" || holds(c.id) || holds(c.title) || holds(c.reason) || c.findings.some(holds) || holds(c.sent) ||
      holds(c.answered)));
  byId("cases").replaceChildren();
  shownCases = 0;
  showMore();
}

function remember() {
  const set = kFields.map((field) => [field, byId(field).value]).filter(([, value]) => value !== "");
  history.replaceState(null, "", "#" + new URLSearchParams(set));
  filter();
}

function options(id, values) {
  for (const value of [...new Set(values)].sort()) byId(id).append(new Option(value, value));
}

// A square for each constraint: those that cases tell of by name, the others counted.
function drawMap() {
  const sites = new Map();
  for (const c of data.cases) {
    if (c.sites.length === 0 || !["PASS", "XPASS", "FAIL", "XFAIL", "FLAKY"].includes(c.verdict)) continue;
    const of = sites.get(c.operation) || new Map();
    sites.set(c.operation, of);
    const broken = !c.verdict.endsWith("PASS");
    for (const site of c.sites) of.set(site, of.get(site) || broken);
  }
  const map = byId("map");
  for (const family of data.families) {
    map.append(element("h3", text(family.title)));
    for (const figure of family.operations) {
      const of = sites.get(figure.name) || new Map();
      const squares = element("span", [], "sites");
      const add = (count, className, title) => {
        for (let i = 0; i < count; i += 1) {
          const square = element("i", [], className);
          square.title = title;
          squares.append(square);
        }
      };
      let broken = 0, kept = 0;
      for (const [site, isBroken] of of) {
        add(1, isBroken ? "is-broken" : "is-kept", text(site) + (isBroken ? " is broken" : " is kept"));
        broken += isBroken ? 1 : 0;
        kept += isBroken ? 0 : 1;
      }
      add(Math.max(figure.broken - broken, 0), "is-broken", "broken");
      add(Math.max(figure.kept - kept, 0), "is-kept", "kept");
      add(figure.all - figure.broken - figure.kept, "", "not told");
      squares.setAttribute("role", "img");
      squares.setAttribute("aria-label", figure.broken + " broken, " + figure.kept + " kept, " +
        (figure.all - figure.broken - figure.kept) + " not told");
      const link = element("a", text(figure.name));
      link.href = "#" + new URLSearchParams({ operation: text(figure.name) });
      map.append(element("span", [link, figure.state === "judged" ? "" : " (" + figure.state + ")"]), squares);
    }
  }
}

options("verdict", data.cases.map((c) => c.verdict));
options("operation", data.cases.map((c) => text(c.operation)));
options("rule", data.cases.flatMap((c) => texts(c.rules)));
data.causes.forEach((cause, i) => byId("cause").append(new Option(i + 1 + ". " + text(cause), i + 1)));
for (const field of kFields) byId(field).addEventListener(field === "q" ? "input" : "change", remember);
byId("reset").addEventListener("click", () => {
  for (const field of kFields) byId(field).value = "";
  remember();
});
byId("more").addEventListener("click", showMore);
// A fragment without "=" names a part of the page.
function follow() {
  if (location.hash !== "" && !location.hash.includes("=")) return;
  filter();
  if (location.hash !== "") byId("filters").scrollIntoView();
}
window.addEventListener("hashchange", follow);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  byId("q").focus();
});
if (data.families.length > 0) drawMap();
filter();
follow();
