import assert from "node:assert/strict";
import fc from "fast-check";
import { readIgnore } from "../../../../provider/recipe/context/ignore-matcher";
import { withExclusions } from "../../../../provider/recipe/context/ignore-text";
import { each } from "../../../support/each";

/** Those of the paths that a text of rules ignores. */
const ignoredOf = (text: string, paths: readonly string[]): string[] => {
  const matcher = readIgnore(text);
  return paths.filter((path) => matcher.ignores(path));
};

describe("readIgnore follows Docker's rules", () => {
  const LAST = "*.md\n!README*.md\nREADME-secret.md";
  // What is ignored | what is kept.
  each("%s", [
    ["no rules", "", "| a a/b"],
    ["a plain name means the root's", "a", "a a/b a/b/c | b b/a ab"],
    ["a slash in front or behind means nothing", "/a/\n", "a a/b | b/a"],
    ["dots are resolved", "./x/../a\n", "a | x"],
    ["* stays within one directory", "*/a.*", "d/a.x d/a.x/y | a.x d/e/a.x"],
    ["? is one character, but no slash", "a?c", "abc | ac a/c"],
    ["** is any number of directories, also none", "**/x", "x a/x a/b/x a/x/y | ax"],
    ["** at the end is all below", "a/**", "a/b a/b/c | a"],
    ["** in the middle", "a/**/z", "a/z a/b/c/z | z b/a/z"],
    ["**.md means every name that ends so", "**.md", "a.md d/b.md .md | a.md5 md"],
    ["sets", "[a-c]x\n[^a]y\n", "ax cx by | dx ay"],
    ["a star in a set is still a star, which ends none", "[*]x", "]x ^^]x | *x x"],
    ["escapes", "\\*\n\\!b\n", "* !b | a b"],
    ["an escaped letter is the letter", "\\a\\.\\txt\n\\d[\\w]\\b\n", "a.txt dwb | axtxt 1wb dxb"],
    ["an exception", "*\n!a\n", "b b/c | a a/b"],
    ["an exception below an ignored directory", "d\n!d/keep\n", "d d/x | d/keep d/keep/y"],
    ["the last rule that matches decides", LAST, "a.md README-secret.md | README-x.md"],
    ["a rule repeated after its exception", "a\n!a/b\na\n", "a a/b a/b/c | b"],
    ["an exception before its rule means nothing", "!a\n*\n", "a |"],
    ["comments, blank lines, line ends, spaces", "#a\r\n\r\n  b  \r\n #c\r\n", "b #c | a #a c"],
    ["a byte order mark", "\ufeffa\n", "a |"],
    ["a byte order mark before a comment", "\ufeff#a\n", "| #a a"],
    ["letters' case counts", "README\n", "README | readme"],
    ["signs of regular expressions are plain", "c++\nf(1).{a}|b\n^x$\n", "c++ f(1).{a}|b ^x$ | cc f1 b x"],
    ["names that objects have", "constructor\n", "constructor constructor/a | __proto__ toString"],
    ["** ignores these too", "**\n", "constructor __proto__ toString |"],
    ["what lies outside means nothing", "../a\n/\n.\n..\n", "| a b/a"],
    ["other writings", "日本/*\n", "日本/x | 日/x"],
  ])((_, text, paths) => {
    const [ignored = [], kept = []] = ` ${paths} `
      .split(" | ")
      .map((list) => list.split(" ").filter(Boolean));
    assert.deepEqual(ignoredOf(text, [...ignored, ...kept]), ignored);
  });

  it("refuses a line of 64 KiB as Docker does", () => {
    const message = /line 2 has 65536 bytes; it reads at most 65535/;
    readIgnore(`a\n${"x".repeat(65_535)}\n`);
    assert.throws(() => readIgnore(`a\n${"x".repeat(65_536)}\n`), {
      code: "context-ignore-invalid",
      message,
    });
  });

  each("refuses %j as Docker does", [
    ["a\n!\n"],
    ["x[\n"],
    ["[]\n"],
    ["a\\\n"],
    ["[b-a]\n"],
    [`a\n${"x".repeat(65_536)}\n`],
  ])((text) =>
    assert.throws(() => readIgnore(text, "dir/.dockerignore"), {
      name: "ContextError",
      code: "context-ignore-invalid",
      path: "dir/.dockerignore",
      message: /^dir\/\.dockerignore has a pattern that Docker refuses: /,
    }),
  );

  it("names the line", () => assert.throws(() => readIgnore("a\n\n!\n"), /line 3: "!" stands alone/));

  it("knows below which directories nothing can come back", () => {
    const among = (text: string, paths: string[]): string[] => {
      const matcher = readIgnore(text);
      return paths.filter((path) => matcher.mayReinclude(path));
    };
    const paths = ["a", "a/b", "a/b/d", "a/c", "b", "c"];
    assert.deepEqual(among("*\n!a/b/*.x\n!c\n", paths), ["a", "a/b", "a/b/d", "c"]);
    assert.deepEqual([among("*\n!**/x", ["any/where"]), among("*\n", ["a"])], [["any/where"], []]);
  });
});

describe("withExclusions", () => {
  const SIMPLE = "# mine\nnode_modules/\n";
  each("%s", [
    [
      "adds directories behind simple rules, which stay",
      SIMPLE,
      [".images"],
      "node_modules\n.images\n.images/**\n",
    ],
    ["is never empty", "", [], ""],
    ["writes exceptions for the path and for all below it", "a\n!a/b\n", [], "a\na/**\n!a/b\n!a/b/**\n"],
    ["writes escaped letters plain", "\\a\\*\\\\n\n", [], "a\\*\\\\n\n"],
    ["keeps patterns from turning into others", " #a\n!!b\n", [], "/#a\n/#a/**\n!/!b\n!/!b/**\n"],
  ])((_, text, directories, rules) =>
    assert.equal(withExclusions(text, directories), `# ignore rules of this build\n${rules}`),
  );

  it("beats every exception", () => {
    const text = withExclusions("store\n!store/keep\n!**", ["store"]);
    assert.deepEqual(ignoredOf(text, ["store", "store/keep/x", "other"]), ["store", "store/keep/x"]);
  });

  it("means what the rules mean", () => {
    const list = (words: string[], maxLength: number): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom(...words), { minLength: 1, maxLength }).map((parts) => parts.join("/"));
    const pattern = list(["a", "b", "*", "**", "?", "a*", "[ab]", "(a)", "#a", "!a", "\\*"], 3);
    const rule = fc.tuple(fc.constantFrom("", "!", " "), pattern).map((parts) => parts.join(""));
    const path = list(["a", "b", "ab", "(a)", "#a", "!a", "*"], 4);
    const same = fc.property(fc.array(rule, { maxLength: 5 }), path, (rules, item) => {
      const text = rules.join("\n");
      assert.deepEqual(ignoredOf(withExclusions(text, []), [item]), ignoredOf(text, [item]));
    });
    fc.assert(same, { numRuns: 2000 });
  });

  const names = "a b| a |#a|!a|a*b|[a]|a\\b|(a)+|**|a?|a/b c/d|$x^|ä".split("|").map((name) => [name]);
  const leaves = each("leaves out exactly the directory, whatever it is called: %j", names);
  leaves((name) => {
    const text = withExclusions("", [name]);
    assert.deepEqual(ignoredOf(text, [name, `${name}/x`, `${name}x`, "zz"]), [name, `${name}/x`]);
  });

  each("refuses %j", [[""], ["."], [".."], ["../a"], ["./a"], ["/a"], ["a\nb"]])((path) =>
    assert.throws(() => withExclusions("", [path]), { code: "context-exclusion-invalid", path }),
  );
});
