import assert from "node:assert/strict";
import fc from "fast-check";
import { elementsOf, sourceOf } from "../../../../provider/recipe/context/ignore-expression";
import { readIgnore } from "../../../../provider/recipe/context/ignore-matcher";
import { stepMatcher } from "../../../../provider/recipe/context/ignore-steps";
import { each } from "../../../support/each";

describe("a pattern of many wildcards", () => {
  it("means what the regular expression means that Docker makes of it", () => {
    const words = ["a", "b", "/", "*", "**", "**/", "?", "[ab]", "[^a]", "[*]", "[a?b]", "\\*", "."];
    const pattern = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 8 });
    const path = fc.array(fc.constantFrom("a", "b", "/", "]", "*", "."), { minLength: 1, maxLength: 10 });
    const same = fc.property(pattern, path, (parts, names) => {
      const elements = elementsOf(parts.join(""));
      const expression = new RegExp(`^(?:${sourceOf(elements)})(?:/.*)?$`, "s");
      assert.equal(
        stepMatcher(elements)(names.join("")),
        expression.test(names.join("")),
        sourceOf(elements),
      );
    });
    fc.assert(same, { numRuns: 5000 });
  });

  each("%s is answered for long names too", [
    ["*a*a*a*a*a*a*a*a*a*a*b"],
    ["[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*c"],
    ["**a**a**a**a**a**a**b"],
    ["**/a*/**/a*/**/a*/**/a*/**/b"],
  ])((pattern) => {
    const matcher = readIgnore(`x\n${pattern}\n!y`);
    const paths = ["a".repeat(255), `${"a/".repeat(1000)}a`, "x", "y"];
    assert.deepEqual(
      paths.map((path) => matcher.ignores(path)),
      [false, false, true, false],
    );
  });
});

describe("readIgnore", () => {
  each("refuses %j, of which Docker makes more than a pattern", [
    ["[*(a+)+]b"],
    ["[?+]"],
    ["[?|a]"],
    ["[*^]"],
  ])((pattern) =>
    assert.throws(() => readIgnore(pattern), {
      code: "context-ignore-invalid",
      message: /^\.dockerignore has a pattern that Docker takes for a regular expression: in .* Correct it, /,
    }),
  );

  it("refuses a set that only says that it is turned round", () =>
    assert.throws(() => readIgnore("[^]x"), /has a pattern that Docker refuses: line 1: /));
});
