import assert from "node:assert/strict";
import { ownVariables } from "../../../../provider/recipe/dockerfile/own-variables";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";

/** What is the recipe's own at each RUN, in order. */
const atRuns = (
  text: string,
  buildArgs: Record<string, string> = {},
  images: Record<string, string[]> = {},
): string[] =>
  [
    ...ownVariables(
      parseDockerfile(text),
      { platform: "linux/amd64", buildArgs },
      (name) => images[name] ?? [],
    ).values(),
  ].map((names) => [...names].sort().join(" "));

describe("ownVariables", () => {
  it("are ENV and ARG of the stage, from where they stand on", () =>
    assert.deepEqual(atRuns("FROM a\nRUN x\nENV B=1 C=2\nRUN x\nARG D=\nRUN x\n"), ["", "B C", "B C D"]));

  it("are not an ARG without a value, unless a build argument or a global ARG gives it one", () => {
    const text = "ARG GLOBAL=1\nFROM a\nARG GLOBAL\nARG GIVEN\nARG NOT\nRUN x\n";
    assert.deepEqual(atRuns(text), ["GLOBAL"]);
    assert.deepEqual(atRuns(text, { GIVEN: "1", UNRELATED: "1" }), ["GIVEN GLOBAL"]);
  });

  it("are every ENV that is inherited, from a stage or an image, and no ARG", () => {
    const text = "FROM image AS one\nARG A=1\nENV B=1\nRUN x\nFROM one\nRUN x\nFROM other\nRUN x\n";
    assert.deepEqual(atRuns(text, {}, { image: ["I"] }), ["A B I", "B I", ""]);
  });

  it("are none of ONBUILD", () => assert.deepEqual(atRuns("FROM a\nONBUILD ENV B=1\nRUN x\n"), [""]));
});
