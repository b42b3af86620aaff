import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { StampInDoubtError } from "../../index";
import { engineAt } from "../../provider/build/functions/effects";
import { examine } from "../../provider/promote/gate/examine";
import { commitAll, git } from "../support/git";
import { pauseBuilds, type PausedBuild } from "../support/paused-build";
import { shellImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";

describe("a build that is stamped with the HEAD of its work tree", function () {
  this.timeout(600_000);
  let bench: Bench;
  let paused: PausedBuild;
  let head: string;

  beforeEach(async () => {
    bench = await makeBench();
    paused = await pauseBuilds();
    await bench.write("Dockerfile", `FROM ${await shellImage()}\n${paused.run}\nCOPY . /app\n`);
    await bench.write(".dockerignore", ".git\n");
    await bench.write("a", "1");
    head = await commitAll(bench.context, "first");
  });
  afterEach(async () => {
    await paused.close();
    await bench.dispose();
  });

  const build = (): Promise<unknown> => bench.build({ revision: head, verify: "skip" });

  async function doubted(): Promise<StampInDoubtError> {
    const error: unknown = await build().then(
      () => null,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof StampInDoubtError, String(error));
    assert.equal(error.code, "stamp-in-doubt");
    assert.equal(error.evidence.verified, "unknown");
    assert.ok(error.message.endsWith(error.evidence.reason ?? "no reason"), error.message);
    return error;
  }

  /** What the gate says of the image, where it need not be verified. */
  async function refusal({ evidence }: StampInDoubtError): Promise<string> {
    const asked = { source: evidence.imageId, expectedRevision: head, enabled: true, root: bench.root };
    const { judgement } = await examine(engineAt(undefined, 30), { ...asked, requireVerified: false });
    const [only, ...more] = judgement.clauses.filter(({ ok }) => !ok);
    assert.deepEqual(more, []);
    return only?.message ?? "";
  }

  it("fails where HEAD moves while it runs, is refused by the gate, and is built anew", async () => {
    paused.during(() => git(bench.context, ["commit", "--quiet", "--allow-empty", "--message", "second"]));
    const error = await doubted();
    const now = await git(bench.context, ["rev-parse", "HEAD"]);
    assert.equal(
      error.message,
      `${error.reference} is stamped ${head.slice(0, 12)}, but that is in doubt, so it goes nowhere: ` +
        `HEAD of the work tree ${bench.context} moved meanwhile (${head.slice(0, 12)} -> ${now.slice(0, 12)}), ` +
        "so the image may have files of both; leave the work tree alone while it is built from, and try again",
    );
    assert.match(
      await refusal(error),
      /^the store has the image as built with the label .*, but that is in doubt: HEAD/,
    );
    // Also where HEAD is again what it was, the build in doubt is not taken for one of that revision.
    await git(bench.context, ["reset", "--quiet", "--hard", head]);
    const again = await bench.build({ revision: head, verify: "skip" });
    assert.notEqual(again.timestamp, error.evidence.timestamp);
    assert.equal(again.revision, head);
  });

  it("fails where HEAD moves away and back while it runs", async () => {
    paused.during(async () => {
      await git(bench.context, ["commit", "--quiet", "--allow-empty", "--message", "second"]);
      await git(bench.context, ["reset", "--quiet", "--hard", head]);
    });
    const words = new RegExp(
      `moved to [0-9a-f]{12} meanwhile, and back to ${head.slice(0, 12)}, so the image may have files`,
    );
    assert.match((await doubted()).message, words);
  });

  it("fails where its files change while it runs, or where it can't be told any more", async () => {
    paused.during(() => bench.write("a", "2"));
    assert.match(
      (await doubted()).message,
      /files of the work tree .* changed meanwhile \("a"\), so the image may not have what [0-9a-f]{12} has; leave /,
    );
    await bench.write("a", "1");
    paused.during(() => bench.write("new", "not in git"));
    assert.match(
      (await doubted()).message,
      /the build context .* changed while the image was built \("new"\), so it is not known which files are in the image/,
    );
    await rm(join(bench.context, "new"));
    paused.during(() => rm(join(bench.context, ".git"), { recursive: true }));
    assert.match(
      (await doubted()).message,
      /whether the work tree .* is still at [0-9a-f]{12} can't be told: it has no validated revision now/,
    );
  });

  it("passes where what changes is not in the image, or was changed before", async () => {
    await bench.write("a", "2");
    paused.during(() => rm(join(bench.context, "beside"), { force: true }));
    const { revision, imageId } = await bench.build({ revision: head, verify: "skip" });
    assert.equal(revision, head);
    paused.during(() => Promise.reject(new Error("nothing is built")));
    assert.equal((await bench.build({ revision: head, verify: "skip" })).imageId, imageId);
  });
});
