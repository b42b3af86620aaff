import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { docker } from "../support/docker";
import { slimImage } from "./support/base-images";
import { describeInLanes } from "./support/lanes";
import { makeBench, type Bench, type Outcome } from "./support/bench";
import { filesWith, imagePartsWith } from "./support/traces";

describeInLanes("a build secret", function () {
  this.timeout(120_000);
  const values = {
    file: `file-${randomBytes(16).toString("hex")}`,
    env: `env-${randomBytes(16).toString("hex")}`,
  };
  let bench: Bench;
  let outcome: Outcome;

  before(async () => {
    const slim = await slimImage();
    bench = await makeBench();
    const file = join(bench.directory, "token");
    await writeFile(file, values.file);
    process.env.ENGINE_TESTS_TOKEN = values.env;
    await bench.write(
      "Dockerfile",
      `FROM ${slim}
RUN --mount=type=secret,id=one,required --mount=type=secret,id=two,target=/two,required=true \\
  cut -c-5 /run/secrets/one > /seen && wc -c < /run/secrets/one >> /seen && cut -c-5 /two >> /seen && wc -c < /two >> /seen
`,
    );
    outcome = await bench.build({ secrets: { one: { file }, two: { env: "ENGINE_TESTS_TOKEN" } } });
  });
  after(async () => {
    delete process.env.ENGINE_TESTS_TOKEN;
    await bench?.dispose();
  });

  it("reaches the RUN that mounts it, in the rebuild too, from a file and from the environment", async () => {
    assert.equal(outcome.verified, "verified", outcome.reason ?? "");
    const seen = await docker(["run", "--rm", "--network", "none", outcome.reference, "cat", "/seen"]);
    assert.deepEqual(seen.split("\n"), ["file-", "37", "env-" + values.env.slice(4, 5), "36"]);
  });

  it("is in no part of the image, no file of the store and no output; the search does find what they hold", async () => {
    const seen = "file-\n37";
    const parts = await imagePartsWith(outcome.imageId, [...Object.values(values), seen]);
    assert.ok((parts.get(seen) ?? []).length > 0);
    for (const value of Object.values(values)) {
      assert.deepEqual(parts.get(value), []);
      assert.deepEqual(await filesWith(bench.root, value), []);
      assert.ok(!JSON.stringify(outcome).includes(value));
    }
    assert.deepEqual(await filesWith(bench.root, '"two"'), [
      `${bench.name}/${bench.name}-${outcome.timestamp}.build.json`,
    ]);
  });
});
