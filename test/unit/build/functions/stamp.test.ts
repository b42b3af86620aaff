import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSees, movedSince, stampOf } from "../../../../provider/build/functions/stamp";
import { DEFAULT_TIMEOUTS } from "../../../../provider/inputs/timeouts";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import { git } from "../../../support/git";
import { each } from "../../../support/each";
import { committed } from "../../base/git/environment";
import { removeScratch, scratch } from "../../store/scratch";
import { sightingOf } from "../../../../provider/base/git/still";

describe("what a build sees of a work tree", () => {
  const places = { context: "/work/app", recipe: "/work/recipes/app", root: "/work/app/store" };
  each("%s: %s", [
    ["/work/app/src/a", true],
    ["/work/recipes/app", true],
    ["/work/recipes/app.dockerignore", true],
    ["/work", true],
    ["/work/apple", false],
    ["/work/docs/a", false],
    ["/work/app/store/web/latest", false],
  ])((path, seen) => assert.equal(buildSees(places, String(path)), seen));

  it("is all of the context where there is no store", () =>
    assert.equal(buildSees({ ...places, root: null }, "/work/app/store/web/latest"), true));
});

describe("the stamp of an image", () => {
  it("is its revision, or a label that says so", () => {
    assert.equal(stampOf({ revision: null, labels: {} }), null);
    assert.equal(stampOf({ revision: null, labels: { [REVISION_LABEL]: "x" } }), "x");
  });
});

describe("a work tree that is asked about after a build", () => {
  after(removeScratch);

  /** A work tree with a context in it, and files beside it. */
  async function tree(): Promise<{ top: string; head: string; plan: Parameters<typeof movedSince>[0] }> {
    const { tree: top, head } = await committed({ "app/Dockerfile": "1", "app/a": "1", beside: "1" });
    const context = join(top, "app");
    const places = { context, recipe: join(context, "Dockerfile"), root: join(top, "store") };
    return { top, head, plan: { ...places, revision: head, timeouts: DEFAULT_TIMEOUTS } };
  }

  it("is the context's own, if that is at the revision; otherwise there is none", async () => {
    const { plan, top } = await tree();
    const asked = (await movedSince(plan, null)) ?? assert.fail("nothing to ask");
    writeFileSync(join(top, "beside"), "22");
    assert.equal(await asked(), null, "a file beside the context");
    writeFileSync(join(top, "app/a"), "22");
    assert.match((await asked()) ?? "", /changed meanwhile \("app\/a"\)/);
    for (const revision of [null, "b".repeat(40)]) {
      assert.equal(await movedSince({ ...plan, revision }, null), undefined);
    }
    assert.equal(await movedSince({ ...plan, context: scratch() }, null), undefined, "no work tree");
  });

  it("is the one that the revision was read from, also where HEAD moved before the build began", async () => {
    const { plan, top, head } = await tree();
    const before = await sightingOf(top, 30);
    await git(top, ["commit", "--quiet", "--allow-empty", "--message", "second"]);
    assert.equal(await movedSince(plan, null), undefined, "the context's own is at another revision");
    const asked = (await movedSince(plan, before)) ?? assert.fail("nothing to ask");
    assert.match((await asked()) ?? "", new RegExp(`moved meanwhile \\(${head.slice(0, 12)} -> `));
  });
});
