import { posix } from "node:path";
import { propertiesOf } from "./setup/files.mjs";

const NONE = "-";

/** What there is of some texts, or a dash. @param {unknown} texts */
const list = (texts) => (Array.isArray(texts) && texts.length > 0 ? texts.join(", ") : NONE);

/** `none`, or `2 changed, 1 added`. @param {unknown} drift */
function driftWords(drift) {
  if (typeof drift !== "object" || drift === null) return NONE;
  const some = Object.entries(drift).filter(([, items]) => Array.isArray(items) && items.length > 0);
  return some.length > 0 ? list(some.map(([kind, { length }]) => `${length} ${kind}`)) : "none";
}

/** Two columns. @param {string[][]} rows @param {string} [indent] */
function columns(rows, indent = "") {
  const width = Math.max(...rows.map(([left = ""]) => left.length));
  return rows.map(([left = "", right = ""]) => `${indent}${left.padEnd(width)}  ${right}`);
}

/**
 * The table that ends the quickstart: what it proved, from the stack's outputs, and where to look next. An output
 * that is not there is shown as `-`.
 * @param {Record<string, unknown>} outputs as `pulumi stack output --json` prints them
 * @returns {string[]} lines
 */
export function summary(outputs) {
  const text = (/** @type {string} */ name) => (typeof outputs[name] === "string" && outputs[name]) || NONE;
  const { packages, promoted, drift } = outputs;
  const counts = Object.entries(propertiesOf(packages)).map(([name, count]) => `${name} ${String(count)}`);
  const targets = typeof promoted === "string" ? [promoted] : promoted;
  const tags = list(Array.isArray(targets) ? targets : Object.keys(propertiesOf(targets)));
  // The program sees the store from its own folder.
  const store = posix.join("examples/quickstart", text("store"));
  const table = columns([
    ["image", text("imageId")],
    ["packages", list(counts.sort())],
    ["lock hash", text("lockHash")],
    ["verified", text("verified")],
    ["drift", driftWords(drift)],
    ["promoted tag", tags],
    ["revision", text("revision")],
    ["evidence", `${store} (locks, locked recipes, logs, marks)`],
  ]);
  const rule = "-".repeat(Math.max(...table.map((line) => line.length)));
  const next = [
    ["npm run pulumi -- preview", "nothing to do, until something changes"],
    [`npm run docker -- tag debian:bookworm-slim ${tags}`, "move the tag by hand, and preview again"],
    ["npm run pulumi -- up", "puts it back"],
    ["npm run pulumi -- destroy", "takes the promoted tag away, and nothing else"],
    ["examples/quickstart/index.ts", "the program, 30 lines; README.md explains it"],
  ];
  return [rule, ...table, rule, "Next:", ...columns(next, "  ")];
}
