import type { Previous } from "../../../../provider/promote/gate/point-all";
import assert from "node:assert/strict";
import { adoptedAfter } from "../../../../provider/pulumi/promotion/tags-that-stay";
import { id } from "../../store/scratch";

const IMAGE = id("a");
const DIGEST = id("d");
const OTHER = id("b");
const after = (before: Previous, olds: Record<string, unknown> | null): string[] =>
  adoptedAfter(Object.keys(before), before, [IMAGE, DIGEST], olds);

describe("adoptedAfter", () => {
  it("is what stood for the image before a first promotion, by ID or digest", () => {
    const before = { "web:new": null, "web:moved": OTHER, "web:there": IMAGE, "h/web:there": DIGEST };
    assert.deepEqual(after(before, null), ["web:there", "h/web:there"]);
  });

  it("is nothing that an earlier update has set", () => {
    const before = { "web:own": IMAGE, "web:adopted": IMAGE, "web:more": IMAGE };
    const olds = { targets: ["web:own", "web:adopted"], adopted: ["web:adopted"] };
    assert.deepEqual(after(before, olds), ["web:adopted", "web:more"]);
    assert.deepEqual(after(before, { targets: ["web:own", "web:adopted"] }), ["web:more"]);
  });

  it("ends where an update has to move the tag", () => {
    const olds = { targets: ["web:adopted"], adopted: ["web:adopted"] };
    assert.deepEqual(after({ "web:adopted": OTHER }, olds), []);
    assert.deepEqual(after({ "web:adopted": null }, olds), []);
  });
});
