import assert from "node:assert/strict";
import fc from "fast-check";
import { readIgnore } from "../../../../provider/recipe/context/ignore-matcher";
import { withExclusions } from "../../../../provider/recipe/context/ignore-text";

describe("readIgnore follows Docker's rules", () => {
  const cases: [claim: string, text: string, ignored: string[], kept: string[]][] = [
    ["no rules", "", [], ["a", "a/b"]],
    ["a plain name means the root's", "a", ["a", "a/b", "a/b/c"], ["b", "b/a", "ab"]],
    ["a slash in front or behind means nothing", "/a/\n", ["a", "a/b"], ["b/a"]],
    ["dots are resolved", "./x/../a\n", ["a"], ["x"]],
    ["* stays within one directory", "*/a.*", ["d/a.x", "d/a.x/y"], ["a.x", "d/e/a.x"]],
    ["? is one character, but no slash", "a?c", ["abc"], ["ac", "a/c"]],
    ["** is any number of directories, also none", "**/x", ["x", "a/x", "a/b/x", "a/x/y"], ["ax"]],
    ["** at the end is all below", "a/**", ["a/b", "a/b/c"], ["a"]],
    ["** in the middle", "a/**/z", ["a/z", "a/b/c/z"], ["z", "b/a/z"]],
    ["**.md means every name that ends so", "**.md", ["a.md", "d/b.md", ".md"], ["a.md5", "md"]],
    ["sets", "[a-c]x\n[^a]y\n", ["ax", "cx", "by"], ["dx", "ay"]],
    ["a star in a set is still a star, which ends none", "[*]x", ["]x", "^^]x"], ["*x", "x"]],
    ["escapes", "\\*\n\\!b\n", ["*", "!b"], ["a", "b"]],
    ["an exception", "*\n!a\n", ["b", "b/c"], ["a", "a/b"]],
    ["an exception below an ignored directory", "d\n!d/keep\n", ["d", "d/x"], ["d/keep", "d/keep/y"]],
    [
      "the last rule that matches decides",
      "*.md\n!README*.md\nREADME-secret.md",
      ["a.md", "README-secret.md"],
      ["README-x.md"],
    ],
    ["a rule repeated after its exception", "a\n!a/b\na\n", ["a", "a/b", "a/b/c"], ["b"]],
    ["an exception before its rule means nothing", "!a\n*\n", ["a"], []],
    ["comments, blank lines, line ends, spaces", "#a\r\n\r\n  b  \r\n #c\r\n", ["b", "#c"], ["a", "#a", "c"]],
    ["a byte order mark", "\ufeffa\n", ["a"], []],
    ["a byte order mark before a comment", "\ufeff#a\n", [], ["#a", "a"]],
    ["letters' case counts", "README\n", ["README"], ["readme"]],
    [
      "signs of regular expressions are plain",
      "c++\nf(1).{a}|b\n^x$\n",
      ["c++", "f(1).{a}|b", "^x$"],
      ["cc", "f1", "b", "x"],
    ],
    [
      "names that objects have of their own",
      "constructor\n",
      ["constructor", "constructor/a"],
      ["__proto__", "toString"],
    ],
    ["** ignores these too", "**\n", ["constructor", "__proto__", "toString"], []],
    ["what lies outside means nothing", "../a\n/\n.\n..\n", [], ["a", "b/a"]],
    ["other writings", "日本/*\n", ["日本/x"], ["日/x"]],
  ];
  for (const [claim, text, ignored, kept] of cases) {
    it(claim, () => {
      const matcher = readIgnore(text);
      const found = [...ignored, ...kept].filter((path) => matcher.ignores(path));
      assert.deepEqual(found, ignored);
    });
  }

  for (const text of ["a\n!\n", "x[\n", "[]\n", "a\\\n", "[b-a]\n"]) {
    it(`refuses ${JSON.stringify(text)} as Docker does`, () =>
      assert.throws(() => readIgnore(text, "dir/.dockerignore"), {
        name: "ContextError",
        code: "context-ignore-invalid",
        path: "dir/.dockerignore",
        message: /^dir\/\.dockerignore has a pattern that Docker refuses: /,
      }));
  }

  it("names the line", () => assert.throws(() => readIgnore("a\n\n!\n"), /line 3: "!" stands alone/));

  it("knows below which directories nothing can come back", () => {
    const matcher = readIgnore("*\n!a/b/*.x\n!c\n");
    const answers = ["a", "a/b", "a/b/d", "a/c", "b", "c"].map((path) => matcher.mayReinclude(path));
    assert.deepEqual(answers, [true, true, true, false, false, true]);
    assert.ok(readIgnore("*\n!**/x").mayReinclude("any/where"));
    assert.ok(!readIgnore("*\n").mayReinclude("a"));
  });
});

describe("withExclusions", () => {
  for (const [claim, text, directories, rules] of [
    [
      "adds directories behind simple rules, which stay as they are",
      "# mine\nnode_modules/\n",
      [".images"],
      "node_modules\n.images\n.images/**\n",
    ],
    ["is never empty", "", [], ""],
    [
      "writes rules with exceptions for the path and for all below it",
      "a\n!a/b\n",
      [],
      "a\na/**\n!a/b\n!a/b/**\n",
    ],
    [
      "keeps patterns from turning into comments or exceptions",
      " #a\n!!b\n",
      [],
      "/#a\n/#a/**\n!/!b\n!/!b/**\n",
    ],
  ] as const) {
    it(claim, () =>
      assert.equal(withExclusions(text, directories), `# ignore rules of this build\n${rules}`),
    );
  }

  it("beats every exception", () => {
    const matcher = readIgnore(withExclusions("store\n!store/keep\n!**", ["store"]));
    assert.ok(matcher.ignores("store"));
    assert.ok(matcher.ignores("store/keep/x"));
    assert.ok(!matcher.ignores("other"));
  });

  it("means what the rules mean", () => {
    const segment = fc.constantFrom("a", "b", "*", "**", "?", "a*", "[ab]", "(a)", "#a", "!a", "\\*");
    const rule = fc
      .tuple(fc.constantFrom("", "!", " "), fc.array(segment, { minLength: 1, maxLength: 3 }))
      .map(([mark, segments]) => `${mark}${segments.join("/")}`);
    const path = fc
      .array(fc.constantFrom("a", "b", "ab", "(a)", "#a", "!a", "*"), { minLength: 1, maxLength: 4 })
      .map((segments) => segments.join("/"));
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), path, (rules, item) => {
        const text = rules.join("\n");
        assert.equal(readIgnore(withExclusions(text, [])).ignores(item), readIgnore(text).ignores(item));
      }),
      { numRuns: 2000 },
    );
  });

  for (const name of "a b| a |#a|!a|a*b|[a]|a\\b|(a)+|**|a?|a/b c/d|$x^|ä".split("|")) {
    it(`leaves out exactly the directory, whatever it is called: ${JSON.stringify(name)}`, () => {
      const matcher = readIgnore(withExclusions("", [name]));
      const found = [name, `${name}/x`, `${name}x`, "zz"].filter((path) => matcher.ignores(path));
      assert.deepEqual(found, [name, `${name}/x`]);
    });
  }

  for (const path of ["", ".", "..", "../a", "./a", "/a", "a\nb"]) {
    it(`refuses ${JSON.stringify(path)}`, () => {
      assert.throws(() => withExclusions("", [path]), { code: "context-exclusion-invalid", path });
    });
  }
});
