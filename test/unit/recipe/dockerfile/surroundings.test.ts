import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { surroundingsOf } from "../../../../provider/recipe/dockerfile/surroundings";

/** `cwd user` where every RUN stands. */
const atRuns = (text: string, buildArgs: Record<string, string> = {}): string[] =>
  [...surroundingsOf(parseDockerfile(text), { platform: "linux/amd64", buildArgs })]
    .filter(([instruction]) => instruction.keyword === "RUN")
    .map(([, { cwd, user }]) => `${cwd} ${user}`);

describe("surroundingsOf", () => {
  it("knows nothing of an unknown base image", () =>
    assert.deepEqual(atRuns("FROM debian\nRUN a\n"), ["null null"]));
  it("starts at / as uid 0 from scratch", () => assert.deepEqual(atRuns("FROM scratch\nRUN a\n"), ["/ 0"]));
  it("resolves relative WORKDIRs once an absolute one is known", () =>
    assert.deepEqual(atRuns("FROM debian\nWORKDIR sub\nRUN a\nWORKDIR /app/\nWORKDIR ../b/./c\nRUN a\n"), [
      "null null",
      "/b/c null",
    ]));
  it("follows USER", () =>
    assert.deepEqual(atRuns("FROM debian\nUSER app:app\nRUN a\nUSER $WHO\nRUN a\n"), [
      "null app:app",
      "null null",
    ]));
  it("follows ENV and ARG, ENV first", () =>
    assert.deepEqual(
      atRuns(
        "ARG TOP=/top\nFROM debian\nARG TOP\nARG D=d\nENV HOME=/h D=/e\nWORKDIR $TOP/$D\nRUN a\nWORKDIR $HOME\nRUN a\n",
      ),
      ["/top/e null", "/h null"],
    ));
  it("takes a build argument for an ARG", () =>
    assert.deepEqual(atRuns("FROM debian\nARG D=/a\nWORKDIR $D\nRUN a\n", { D: "/b" }), ["/b null"]));
  it("says unknown for a variable that the base image may set, and for what it can't expand", () =>
    assert.deepEqual(
      atRuns("FROM debian\nWORKDIR /x\nWORKDIR $HOME\nRUN a\nENV P=${Q#x}\nWORKDIR /$P\nRUN a\n"),
      ["null null", "null null"],
    ));
  it("hands directory, user and variables on to a stage that starts from the stage", () =>
    assert.deepEqual(
      atRuns(
        "FROM debian AS a\nENV D=/d\nWORKDIR /w\nUSER u\nFROM a\nRUN x\nWORKDIR $D\nRUN y\nFROM debian\nRUN z\n",
      ),
      ["/w u", "/d u", "null null"],
    ));
  it("ignores what stands under ONBUILD", () =>
    assert.deepEqual(atRuns("FROM debian\nWORKDIR /w\nONBUILD WORKDIR /x\nRUN a\n"), ["/w null"]));
  it("reads the old form of ENV", () =>
    assert.deepEqual(atRuns("FROM debian\nENV D /old\nWORKDIR $D\nRUN a\n"), ["/old null"]));
});
