import assert from "node:assert/strict";
import { parseUnambiguous } from "../../../provider/base/json/unambiguous";
import { each } from "../../support/each";

const read = (text: string): unknown => parseUnambiguous(text, ["platform", "Labels"], ["Labels"]);

describe("parseUnambiguous", () => {
  each("takes %s", [
    ["a plain document", { a: [{ a: 1 }, { a: 2 }], b: { a: "}{,:" } }],
    ["labels that differ in case", { Labels: { a: "1", A: "2", platform: "", PLATFORM: "" } }],
    ["strings with quotes and escapes", { 'a"b': '\\",{"a":1,', c: ["\\\\", "a", "a"] }],
    ["a key that objects inherit", { constructor: 1, __proto_: 2 }],
  ])((_, value) => assert.deepEqual(read(JSON.stringify(value, null, 1)), value));

  each("refuses %s", [
    ["a key that stands twice", '{"a": 1, "b": {}, "a": 2}', /the key "a" twice/],
    ["a key that stands twice by an escape", '{"ab": 1, "\\u0061b": 2}', /the key "ab" twice/],
    ["keys that differ in case", '[{"x": {"Os": "a", "os": "b"}}]', /the key "os" beside "Os"/],
    [
      "keys that Unicode folds alike",
      '{"mask": 1, "ma\\u017f\\u212a": 2}',
      /the key "ma\u017f\u212a" beside "mask"/,
    ],
    ["a field in another case", '{"Platform": {}}', /spells the key "platform" as "Platform"/],
    ["labels in another case", '{"labels": {}}', /spells the key "Labels" as "labels"/],
    ["a label that stands twice", '{"Labels": {"a": "1", "a": "2"}}', /the key "a" twice/],
    ["case within what is no map", '{"Labels": {"a": {"b": 1, "B": 2}}}', /the key "B" beside "b"/],
    ["what is no JSON", "{", /JSON/],
  ])((_, text, words) => assert.throws(() => read(text), words));

  it("reads megabytes of brackets, quotes and keys in no time", () => {
    const deep = `${"[".repeat(5_000)}"${"\\\\".repeat(500_000)}"${"]".repeat(5_000)}`;
    assert.ok(Array.isArray(read(deep)));
    const wide = `{${Array.from({ length: 50_000 }, (_, at) => `"k${at}":0`).join()}}`;
    assert.equal(JSON.stringify(read(wide)), wide);
  });
});
