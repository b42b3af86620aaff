import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { walkInstructions } from "../../../../provider/recipe/dockerfile/walk-instructions";

/** What each RUN's text comes out as where it stands. */
function atRuns(text: string, buildArgs: Record<string, string> = {}): (string | null)[] {
  const found: (string | null)[] = [];
  walkInstructions(
    parseDockerfile(text),
    { platform: "linux/amd64", buildArgs },
    (_, instruction, expand) => {
      if (instruction.keyword === "RUN") found.push(expand(instruction.args.text));
    },
  );
  return found;
}

describe("walkInstructions", () => {
  it("follows ENV and ARG, ENV first", () =>
    assert.deepEqual(
      atRuns(
        "ARG TOP=/top\nFROM debian\nARG TOP\nARG D=d\nRUN $TOP/$D\nENV HOME=/h D=/e\nRUN $TOP$D\nRUN $HOME\n",
      ),
      ["/top/d", "/top/e", "/h"],
    ));
  it("takes a build argument for an ARG", () =>
    assert.deepEqual(atRuns("FROM debian\nARG D=/a\nRUN $D\n", { D: "/b" }), ["/b"]));
  it("says unknown for a variable that the base image may set, and for what it can't expand", () =>
    assert.deepEqual(
      atRuns("FROM debian\nRUN /x\nRUN $HOME\nENV P=${Q#x}\nRUN /$P\nFROM scratch\nRUN a$HOME\n"),
      ["/x", null, null, "a"],
    ));
  it("hands variables on to a stage that starts from the stage, and to no other", () =>
    assert.deepEqual(
      atRuns(
        "FROM debian AS a\nENV D=/d\nARG E=/e\nFROM a\nRUN $D$E\nENV D=/other\nFROM a\nRUN $D\nFROM debian\nRUN $D\n",
      ),
      ["/d/e", "/d", null],
    ));
  it("ignores what stands under ONBUILD", () =>
    assert.deepEqual(atRuns("FROM debian\nENV D=/w\nONBUILD ENV D=/x\nRUN $D\n"), ["/w"]));
  it("reads the old form of ENV", () =>
    assert.deepEqual(atRuns("FROM debian\nENV D /old\nRUN $D\n"), ["/old"]));
});
