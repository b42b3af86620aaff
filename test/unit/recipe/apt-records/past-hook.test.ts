import assert from "node:assert/strict";
import { pastHook } from "../../../../provider/recipe/apt-records/past-hook";
import type { StageRecords } from "../../../../provider/recipe/apt-records/stage-records";
import { each } from "../../../support/each";
import { packageOf } from "../../packages/in-short";

const debs = (...shorts: string[]): ReturnType<typeof packageOf>[] =>
  shorts.map((short) => packageOf(`dpkg:${short}`));
const records = (shorts: string[], ...preferences: string[]): StageRecords => ({
  records: shorts.map((short) => packageOf(`dpkg:${short}`)),
  preferences,
  complete: true,
});

describe("pastHook", () => {
  each("%s", [
    ["finds nothing where base and hook know all", ["a@1", "b@2"], ["a@1"], records(["b@2"]), []],
    ["leaves out what is no Debian package's", ["a@1"], ["a@1"], records([]), []],
    [
      "names what neither knows, also at another version or architecture, five at the most",
      ["a@2", "b:i386@1", "c@1", "d@1", "e@1", "f@1"],
      ["a@1", "b@1"],
      undefined,
      ["apt-unseen: a 2, b 1, c 1, d 1, e 1 and 1 more"],
    ],
    [
      "names preferences of the image's own, each once",
      ["a@1"],
      ["a@1"],
      records([], "/x\u001b", "/x\u001b"),
      ['apt-config: ("/x\\u001b")'],
    ],
  ])((_, present, base, own, expected) => {
    const all = own === undefined ? [] : [own];
    const found = pastHook([...debs(...present), packageOf("pip:x@1")], debs(...base), all, own);
    const said = found.map(
      ({ kind, reason }) => `${kind}: ${/(?<=about ).*(?=, so)|\(.*?\)/.exec(reason)?.[0]}`,
    );
    assert.deepEqual(said, expected);
  });
});
