import assert from "node:assert/strict";
import { warningText } from "../../../../provider/base/words/warning";
import { differenceWarning } from "../../../../provider/pulumi/image/drift-words";
import type { Difference } from "../../../../provider/store/inspect-build";
import { id } from "../../store/scratch";

const NAME = "registry-mirror-of-a-large-team/web-app:20261129T145028494Z";
const warningOf = (what: Difference["what"]): ReturnType<typeof differenceWarning> =>
  differenceWarning({ what, words: "", of: [{ name: NAME, was: id("a"), now: id("b") }] });

describe("the row of an image that is not as it was", () => {
  for (const [what, first] of [
    ["image gone", `image gone: ${NAME} is no longer on the engine`],
    ["name gone", `name gone: the image is no longer called ${NAME}`],
    ["image replaced", `image replaced: ${NAME} names another image`],
    ["lock missing", `lock missing: the store has no lock of ${NAME}`],
    ["lock changed", `lock changed: it is not the one that was written for ${NAME}`],
    ["base moved", `base image moved: ${NAME} is bbbbbbbbbbbb now`],
  ] as const) {
    it(`begins with the outcome, and ends with what to do: ${what}`, () => {
      const lines = warningText(warningOf(what)).split("\n");
      assert.equal(lines[0], first);
      assert.equal(lines.length, 3);
      assert.match(lines.at(-1) ?? "", /`pulumi up`/);
      assert.doesNotMatch(first, /[0-9a-f]{64}/, "whole hashes stand below");
    });
  }

  it("names each base image that has moved", () => {
    const of: Difference["of"] = [
      { name: "debian:12", was: id("a"), now: id("b") },
      { name: "node:22", was: id("c"), now: id("d") },
    ];
    const { what, why } = differenceWarning({ what: "base moved", words: "", of });
    assert.equal(what, "base image moved: debian:12 is bbbbbbbbbbbb now; node:22 is dddddddddddd now");
    assert.equal(
      why,
      `The build has used debian:12 as ${id("a")}. The build has used node:22 as ${id("c")}.`,
    );
  });
});
