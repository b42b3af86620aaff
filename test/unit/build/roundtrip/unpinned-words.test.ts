import assert from "node:assert/strict";
import type { Unpinned } from "../../../../provider/packages/lock/types";
import { unpinnedWarning } from "../../../../provider/build/roundtrip/unpinned-words";
import { imageWarning } from "../../../../provider/build/roundtrip/warning";

const step = (line: number, text = "RUN git clone x"): Unpinned => ({
  line,
  kind: "git-clone",
  text,
  reason: "because",
});

describe("the warning of what can't be pinned", () => {
  it("says nothing where there is nothing", () => assert.equal(unpinnedWarning([]), null));

  it("names line, kind and text of each step", () => {
    assert.equal(
      unpinnedWarning([step(3)]),
      "1 step of the recipe can't be pinned, or goes past the pins:\n  line 3, git-clone: RUN git clone x",
    );
    assert.equal(unpinnedWarning([step(3), step(9)])?.split("\n").length, 3);
  });

  it("names five and counts the rest, and shortens long texts", () => {
    const many = Array.from({ length: 40 }, (_, index) => step(index + 1, "y".repeat(200)));
    const lines = unpinnedWarning(many)?.split("\n") ?? [];
    assert.equal(lines.length, 7);
    assert.match(lines[0] ?? "", /^40 steps of the recipe can't be pinned, or go past the pins:$/);
    assert.equal(lines[1], `  line 1, git-clone: ${"y".repeat(80)}...`);
    assert.equal(lines[6], "  +35 more, in the output unpinned and in the lock");
  });

  it("lets no control character through", () =>
    assert.match(unpinnedWarning([step(1, "RUN \u001b[2J")]) ?? "", /RUN \\u\{1b\}\[2J$/));

  it("stands in the warning of an image that is not verified, before its last line", () => {
    const drift = { changed: [], added: [], removed: [] };
    const facts = { reference: "web:1", lockFile: "web.lock", reason: "x", drift, unpinned: [step(3)] };
    const lines = imageWarning({ ...facts, verified: "unverified" })?.split("\n") ?? [];
    assert.deepEqual(lines.slice(1, 3), [
      "  1 step of the recipe can't be pinned, or goes past the pins:",
      "    line 3, git-clone: RUN git clone x",
    ]);
    assert.match(lines[3] ?? "", /can be used/);
  });
});
