import assert from "node:assert/strict";
import { docker } from "../support/docker";
import { makeBench, type Bench } from "./support/bench";
import { slimImage } from "./support/base-images";

describe("what can't be pinned", function () {
  this.timeout(180_000);
  let base: Bench;
  let bench: Bench;
  let reference: string;

  before(async () => {
    base = await makeBench();
    bench = await makeBench();
    await base.write(
      "Dockerfile",
      `FROM ${await slimImage()}\nONBUILD RUN echo one > /triggered\nONBUILD ENV A=b\n`,
    );
    ({ reference } = await base.build({ verify: "skip" }));
  });
  after(async () => {
    await bench?.dispose();
    await base?.dispose();
  });

  it("says that an ONBUILD RUN of one's own can't be pinned", async () => {
    const { unpinned } = await base.build({ verify: "skip" });
    assert.deepEqual(
      unpinned.map(({ line, kind }) => [line, kind]),
      [[2, "onbuild"]],
    );
  });

  it("stands in output, lock and warning alike, also of a verified image, with a base's ONBUILD", async () => {
    await bench.write("status", "");
    await bench.write(
      "Dockerfile",
      `# a comment\nFROM ${reference}\nRUN true \\\n && if false; then git clone x; fi\n`,
    );
    const outcome = await bench.build();
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    assert.deepEqual(
      outcome.unpinned.map(({ line, kind, text }) => [line, kind, text]),
      [
        [2, "onbuild", `FROM ${reference}`],
        [4, "git-clone", "&& if false; then git clone x; fi"],
      ],
    );
    assert.match(outcome.unpinned[0]?.reason ?? "", /RUN echo one > \/triggered/);
    assert.deepEqual((await bench.lock(outcome)).unpinned, outcome.unpinned);
    const [perhaps = "", sure = "", ...more] = outcome.warnings;
    assert.match(
      perhaps,
      /^1 step .* in a branch of the shell\..*:\n {2}line 4, git-clone: && if false; then git clone x; fi\n {2}Let each of them fetch something fixed: .*$/,
    );
    assert.match(
      sure,
      /^1 step of the recipe can't be pinned, or goes past the pins:\n {2}line 2, onbuild: /,
    );
    assert.deepEqual(more, []);
    const again = await bench.build();
    assert.deepEqual([again.reference, again.warnings], [outcome.reference, [sure]]);
    assert.equal(await docker(["run", "--rm", outcome.imageId, "cat", "/triggered"]), "one");
  });

  it("believes a lock file only if the context has it and does not ignore it", async () => {
    const cargo = "cargo() { :; } && cargo build";
    const locked = await makeBench();
    try {
      await locked.write("Dockerfile", `FROM ${await slimImage()}\nWORKDIR /app\nCOPY . .\nRUN ${cargo}\n`);
      await locked.write("Cargo.lock", "version = 4\n");
      const listed = async (): Promise<string[]> =>
        (await locked.build({ verify: "skip" })).unpinned.map(({ line, kind }) => `${line} ${kind}`);
      assert.deepEqual(await listed(), []);
      await locked.write(".dockerignore", "*.lock\n");
      assert.deepEqual(await listed(), ["4 cargo-build"]);
    } finally {
      await locked.dispose();
    }
  });
});
