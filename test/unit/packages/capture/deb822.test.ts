import assert from "node:assert/strict";
import fc from "fast-check";
import { deb822Stanzas } from "../../../../provider/packages/capture/deb822";
import { each } from "../../../support/each";

const read = (text: string | Buffer, keep?: readonly string[]): [string, string][][] =>
  [...deb822Stanzas(text, keep && new Set(keep))].map((stanza) => [...stanza]);
const parse = (...question: Parameters<typeof read>): Record<string, string>[] =>
  read(...question).map((fields) => Object.fromEntries(fields));

describe("deb822", () => {
  const FOLDED =
    "\n\nPackage: a\n# comment\nDepends: b,\n c\nDescription: short\n long\n .\n end\n\n \t\n\npackage : b\nEmpty:\n";
  const CRLF = "A: 1:2.0\r\nB: J\u00fcrgen\u2028x\r\n c\r\n\r\nA: 2";
  const A = { package: "a", depends: "b,\nc", description: "short\nlong\n.\nend" };
  each("%s", [
    [
      "reads stanzas with folded values, comments and empty lines",
      FOLDED,
      undefined,
      [A, { package: "b", empty: "" }],
    ],
    [
      "reads CRLF as LF, and a last line without an end",
      CRLF,
      undefined,
      [{ a: "1:2.0", b: "J\u00fcrgen\u2028x\nc" }, { a: "2" }],
    ],
    [
      "returns only the fields asked for, of all stanzas",
      "A: 1\nB: 2\n x\n\nB: 3\n",
      ["a"],
      [{ a: "1" }, {}],
    ],
  ])((_, text, keep, expected) => assert.deepEqual(parse(text, keep), expected));

  it("keeps prototype names as plain fields", () =>
    assert.deepEqual(read("__proto__: x\nconstructor: y\n"), [
      [
        ["__proto__", "x"],
        ["constructor", "y"],
      ],
    ]));

  each("refuses what is no field, also of those that are not asked for, naming the line: %j", [
    ["A: 1\nno field\n", /line 2: expected 'Field: value', found "no field"/],
    ["-a: 1\n", /line 1/],
    [": 1\n", /line 1/],
    [" continued\n", /line 1: it continues a field/],
    ["A: 1\n\n continued\n", /line 3: it continues a field/],
    ["A: 1\nB: \0\n", /line 2: it has a NUL byte/],
    ["A: 1\nA: 2\n", /line 2: .* "A" twice/],
    ["A: 1\nB: 2\nb: 3\n", /line 3: the stanza has the field "b" twice/],
  ])((text, message) => {
    assert.throws(() => parse(text), message);
    assert.throws(() => parse(text, ["other"]), message);
  });

  it("refuses bytes that are not UTF-8", () =>
    assert.throws(() => parse(Buffer.from("A: J\xfcrgen\n", "latin1")), /not UTF-8/));
});

describe("deb822, whatever the stanzas", () => {
  const first = fc.constantFrom(..."ABCXYZabcxyz019_.+/");
  const name = fc.tuple(first, fc.stringMatching(/^[A-Za-z0-9._+/#-]{0,12}$/)).map((parts) => parts.join(""));
  // A field's value: a first line, and further lines that are not blank (a lone dot stands for an empty one).
  const line = fc.stringMatching(/^[!-9;-~]([ !-~\u00e4\u6f22]{0,20}[!-~\u6f22])?$/);
  const value = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
  const selector = ([key]: [string, string]): string => key.toLowerCase();
  const stanza = fc.uniqueArray(fc.tuple(name, value), { minLength: 1, maxLength: 6, selector });
  const stanzas = fc.array(stanza, { maxLength: 5 });
  type Stanzas = readonly (readonly [string, string][])[];

  const written = (all: Stanzas, end: string, gap: string): string =>
    all
      .map((fields) =>
        fields.map(([key, text]) => `${key}: ${text.replaceAll("\n", `${end} `)}${end}`).join(""),
      )
      .join(gap);
  const expected = (all: Stanzas): [string, string][][] =>
    all.map((fields) => fields.map(([key, text]) => [key.toLowerCase(), text]));

  it("reads what was written, with either line end and any gap between stanzas", () => {
    const ends = fc.constantFrom("\n", "\r\n");
    const gaps = fc.constantFrom("\n", "\n\n", " \t\n", "\n# comment\n", "\r\n");
    const same = fc.property(stanzas, ends, gaps, (all, end, gap) => {
      const text = written(all, end, gap);
      assert.deepEqual([read(text), read(Buffer.from(text))], [expected(all), expected(all)]);
    });
    fc.assert(same);
  });

  it("keeps of every stanza the fields that were asked for, and no other", () => {
    const keeps = fc.property(stanzas, fc.array(name), (all, names) => {
      const keep = names.map((one) => one.toLowerCase());
      const kept = expected(all).map((fields) => fields.filter(([key]) => keep.includes(key)));
      assert.deepEqual(read(written(all, "\n", "\n"), keep), kept);
    });
    fc.assert(keeps);
  });

  it("reads a text or refuses it with the line's number, and never anything else", () => {
    const answers = fc.property(fc.stringMatching(/^[A-c:# \n\t\r\0-]{0,60}$/), (text) => {
      try {
        for (const one of read(text)) assert.ok(one.length > 0);
      } catch (error) {
        assert.ok(error instanceof Error && !(error instanceof assert.AssertionError), String(error));
        assert.match(error.message, /^is malformed in line \d+: |^the stanza|NUL/);
      }
    });
    fc.assert(answers);
  });
});
