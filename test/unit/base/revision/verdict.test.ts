import assert from "node:assert/strict";
import { provenanceVerdict } from "../../../../provider/base/revision/verdict";

const A = "abcdef0123456789abcdef0123456789abcdef01";
const B = "0123456789abcdef0123456789abcdef01234567";
const EMPTY = "provenance fail-closed: empty expected revision";
const UNLABELLED = "provenance fail-closed: image has no revision label";

describe("provenanceVerdict", () => {
  const cases: [string, string | null | undefined, string | null | undefined, boolean, string][] = [
    ["equal", A, A, true, "provenance match: abcdef012345"],
    ["different", A, B, false, "provenance mismatch: image 0123456789ab != expected abcdef012345"],
    ["blanks around either", ` ${A}\n`, `\t${A} `, true, "provenance match: abcdef012345"],
    ["no expectation", "", A, false, EMPTY],
    ["an expectation of null", null, A, false, EMPTY],
    ["an expectation of undefined", undefined, A, false, EMPTY],
    ["a blank expectation", " \n\t", A, false, EMPTY],
    ["an expectation of <no value>", "<no value>", A, false, EMPTY],
    ["<no value> with blanks", " <no value>\n", A, false, EMPTY],
    ["no label", A, "", false, UNLABELLED],
    ["a label of null", A, null, false, UNLABELLED],
    ["a label of undefined", A, undefined, false, UNLABELLED],
    ["a blank label", A, "  ", false, UNLABELLED],
    ["a label of <no value>", A, "<no value>", false, UNLABELLED],
    [
      "a label that steers a terminal",
      A,
      "\u001b[2J\u202eabc\nokay and more",
      false,
      "provenance mismatch: image \\u{1b}[2J\\u{202e}abc\\u{a}oka != expected abcdef012345",
    ],
    ["neither", "", "", false, EMPTY],
    ["<no value> on both sides", "<no value>", "<no value>", false, EMPTY],
    [
      "a short form",
      A,
      A.slice(0, 12),
      false,
      "provenance mismatch: image abcdef012345 != expected abcdef012345",
    ],
    [
      "a prefix expected",
      A.slice(0, 7),
      A,
      false,
      "provenance mismatch: image abcdef012345 != expected abcdef0",
    ],
    [
      "other case",
      A,
      A.toUpperCase(),
      false,
      "provenance mismatch: image ABCDEF012345 != expected abcdef012345",
    ],
    ["short and equal", "abc", "abc", true, "provenance match: abc"],
    ["<No Value> is a text", "<No Value>", "<No Value>", true, "provenance match: <No Value>"],
    ["blanks within", "a b", "ab", false, "provenance mismatch: image ab != expected a b"],
  ];
  for (const [claim, expected, actual, ok, message] of cases) {
    it(claim, () => assert.deepEqual(provenanceVerdict(expected, actual), { ok, message }));
  }
});
