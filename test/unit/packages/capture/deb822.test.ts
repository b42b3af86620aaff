import assert from "node:assert/strict";
import fc from "fast-check";
import { deb822Stanzas } from "../../../../provider/packages/capture/deb822";

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
    const [stanza = []] = deb822Stanzas("__proto__: x\nconstructor: y\n");
    assert.deepEqual([...stanza].join(" "), "__proto__,x constructor,y");
  });

  for (const [text, message] of [
    ["A: 1\nno field\n", /line 2: expected 'Field: value', found "no field"/],
    ["-a: 1\n", /line 1/],
    [": 1\n", /line 1/],
    [" continued\n", /line 1: it continues a field/],
    ["A: 1\n\n continued\n", /line 3: it continues a field/],
    ["A: 1\nB: \0\n", /line 2: it has a NUL byte/],
    ["A: 1\nA: 2\n", /line 2: .* "A" twice/],
  ] as const) {
    it(`refuses what is no field, naming the line: ${JSON.stringify(text)}`, () =>
      assert.throws(() => parse(text), message));
  }

  it("refuses bytes that are not UTF-8", () =>
    assert.throws(() => parse(Buffer.from("A: J\xfcrgen\n", "latin1")), /not UTF-8/));
});

describe("deb822, whatever the stanzas", () => {
  const firstCharacters = "ABCXYZabcxyz019_.+/";
  const name = fc
    .tuple(fc.constantFrom(...firstCharacters), fc.stringMatching(/^[A-Za-z0-9._+/#-]{0,12}$/))
    .map(([first, rest]) => first + rest);
  // A field's value: a first line, and further lines that are not blank (a lone dot stands for an empty one).
  const line = fc.stringMatching(/^[!-9;-~]([ !-~\u00e4\u6f22]{0,20}[!-~\u6f22])?$/);
  const value = fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
  const stanza = fc
    .array(fc.tuple(name, value), { minLength: 1, maxLength: 6 })
    .map((fields) => [
      ...new Map(fields.map(([key, text]) => [key.toLowerCase(), [key, text] as const])).values(),
    ]);
  const stanzas = fc.array(stanza, { maxLength: 5 });
  type Stanzas = (readonly (readonly [string, string])[])[];

  const written = (all: Stanzas, end: string, gap: string): string =>
    all
      .map((fields) =>
        fields.map(([key, text]) => `${key}: ${text.split("\n").join(`${end} `)}${end}`).join(""),
      )
      .join(gap);
  const expected = (all: Stanzas): [string, string][][] =>
    all.map((fields) => fields.map(([key, text]) => [key.toLowerCase(), text]));
  const read = (text: string | Buffer, keep?: Set<string>): [string, string][][] =>
    [...deb822Stanzas(text, keep)].map((one) => [...one]);

  it("reads what was written, with either line end and any gap between stanzas", () => {
    const ends = fc.constantFrom("\n", "\r\n");
    const gaps = fc.constantFrom("\n", "\n\n", " \t\n", "\n# comment\n", "\r\n");
    fc.assert(
      fc.property(stanzas, ends, gaps, (all, end, gap) => {
        const text = written(all, end, gap);
        assert.deepEqual([read(text), read(Buffer.from(text))], [expected(all), expected(all)]);
      }),
    );
  });

  it("keeps of every stanza the fields that were asked for, and no other", () => {
    fc.assert(
      fc.property(stanzas, fc.array(name), (all, names) => {
        const keep = new Set(names.map((one) => one.toLowerCase()));
        const kept = expected(all).map((fields) => fields.filter(([key]) => keep.has(key)));
        assert.deepEqual(read(written(all, "\n", "\n"), keep), kept);
      }),
    );
  });

  it("reads a text or refuses it with the line's number, and never anything else", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-c:# \n\t\r\0-]{0,60}$/), (text) => {
        try {
          for (const one of read(text)) assert.ok(one.length > 0);
        } catch (error) {
          assert.ok(error instanceof Error && !(error instanceof assert.AssertionError), String(error));
          assert.match(error.message, /^is malformed in line \d+: |^the stanza|NUL/);
        }
      }),
    );
  });
});
