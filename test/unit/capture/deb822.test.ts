import assert from "node:assert/strict";
import { deb822Stanzas } from "../../../provider/capture/deb822";

const parse = (text: string | Buffer, keep?: string[]): Record<string, string>[] =>
  [...deb822Stanzas(text, keep && new Set(keep))].map((stanza) => Object.fromEntries(stanza));

describe("deb822", () => {
  it("reads stanzas with folded and multi-line values, comments and empty lines", () => {
    const text =
      "\n\nPackage: a\n# comment\nDepends: b,\n c\nDescription: short\n long\n .\n end\n\n \t\n\npackage : b\nEmpty:\n";
    assert.deepEqual(parse(text), [
      { package: "a", depends: "b,\nc", description: "short\nlong\n.\nend" },
      { package: "b", empty: "" },
    ]);
  });

  it("reads CRLF as LF, values with colons and non-ASCII text, and a last line without an end", () => {
    assert.deepEqual(parse("A: 1:2.0\r\nB: J\u00fcrgen\u2028x\r\n c\r\n\r\nA: 2"), [
      { a: "1:2.0", b: "J\u00fcrgen\u2028x\nc" },
      { a: "2" },
    ]);
  });

  it("returns only the fields asked for, but checks all, and yields stanzas that have none of them", () => {
    assert.deepEqual(parse("A: 1\nB: 2\n x\n\nB: 3\n", ["a"]), [{ a: "1" }, {}]);
    assert.throws(() => parse("A: 1\nB: 2\nb: 3\n", ["a"]), /line 3: the stanza has the field "b" twice/);
  });

  it("keeps prototype names as plain fields", () => {
    const [stanza] = [...deb822Stanzas("__proto__: x\nconstructor: y\n")];
    assert.deepEqual(
      [...stanza!],
      [
        ["__proto__", "x"],
        ["constructor", "y"],
      ],
    );
  });

  it("refuses what is no field, naming the line", () => {
    assert.throws(() => parse("A: 1\nno field\n"), /line 2: expected 'Field: value', found "no field"/);
    assert.throws(() => parse("-a: 1\n"), /line 1/);
    assert.throws(() => parse(": 1\n"), /line 1/);
    assert.throws(() => parse(" continued\n"), /line 1: it continues a field/);
    assert.throws(() => parse("A: 1\n\n continued\n"), /line 3: it continues a field/);
    assert.throws(() => parse("A: 1\nB: \0\n"), /line 2: it has a NUL byte/);
    assert.throws(() => parse("A: 1\nA: 2\n"), /line 2: .* "A" twice/);
  });

  it("refuses bytes that are not UTF-8", () => {
    assert.throws(() => parse(Buffer.from("A: J\xfcrgen\n", "latin1")), /not UTF-8/);
  });
});
