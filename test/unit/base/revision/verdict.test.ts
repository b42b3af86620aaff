import assert from "node:assert/strict";
import { provenanceVerdict } from "../../../../provider/base/revision/verdict";
import { each } from "../../../support/each";

const A = "abcdef0123456789abcdef0123456789abcdef01";
const B = "0123456789abcdef0123456789abcdef01234567";
const STEERS = "\u001b[2J\u202eabc\nokay and more";
const SPELT = "\\u{1b}[2J\\u{202e}abc\\u{a}oka";
const EMPTY = "provenance fail-closed: empty expected revision";
const UNLABELLED = "provenance fail-closed: image has no revision label";
const match = (revision: string): string => `provenance match: ${revision}`;
const mismatch = (image: string, expected: string): string =>
  `provenance mismatch: image ${image} != expected ${expected}`;

describe("provenanceVerdict", () => {
  each("%s", [
    ["equal", A, A, match("abcdef012345")],
    ["different", A, B, mismatch("0123456789ab", "abcdef012345")],
    ["blanks around either", ` ${A}\n`, `\t${A} `, match("abcdef012345")],
    ["no expectation", "", A, EMPTY],
    ["an expectation of null", null, A, EMPTY],
    ["an expectation of undefined", undefined, A, EMPTY],
    ["a blank expectation", " \n\t", A, EMPTY],
    ["an expectation of <no value>", "<no value>", A, EMPTY],
    ["<no value> with blanks", " <no value>\n", A, EMPTY],
    ["no label", A, "", UNLABELLED],
    ["a label of null", A, null, UNLABELLED],
    ["a label of undefined", A, undefined, UNLABELLED],
    ["a blank label", A, "  ", UNLABELLED],
    ["a label of <no value>", A, "<no value>", UNLABELLED],
    ["a label that steers a terminal", A, STEERS, mismatch(SPELT, "abcdef012345")],
    ["neither", "", "", EMPTY],
    ["<no value> on both sides", "<no value>", "<no value>", EMPTY],
    ["a short form", A, A.slice(0, 12), mismatch("abcdef012345", "abcdef012345")],
    ["a prefix expected", A.slice(0, 7), A, mismatch("abcdef012345", "abcdef0")],
    ["other case", A, A.toUpperCase(), mismatch("ABCDEF012345", "abcdef012345")],
    ["short and equal", "abc", "abc", match("abc")],
    ["<No Value> is a text", "<No Value>", "<No Value>", match("<No Value>")],
    ["blanks within", "a b", "ab", mismatch("ab", "a b")],
  ])((_, expected, actual, message) => {
    const ok = message.startsWith("provenance match: ");
    assert.deepEqual(provenanceVerdict(expected, actual), { ok, message });
  });
});
