import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { buildReproducible } from "../../provider/build/functions/build-reproducible";
import { EngineUnreachableError } from "../../provider/engines/errors";
import { InputError } from "../../provider/inputs/failure";
import { makeBench, type Bench } from "./support/bench";
import { COPY_ONLY, dpkgStatus } from "./support/recipes";
import { quietly } from "./support/quietly";

describe("buildReproducible", function () {
  this.timeout(60_000);
  let bench: Bench;
  before(async () => {
    bench = await makeBench();
    await bench.write("status", dpkgStatus({ base: "1.0" }));
    await bench.write("app", "one");
    await bench.write("Dockerfile", COPY_ONLY);
  });
  after(() => bench?.dispose());

  const isThere = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    );

  it("names everything that is wrong at once, before it does anything", async () => {
    const root = join(bench.directory, "new-store");
    const inputs = {
      name: "Not A Artifact",
      context: join(bench.directory, "nowhere"),
      recipe: join(bench.directory, "NoDockerfile"),
      root,
      revision: "abc123",
      verify: "later",
      secrets: { token: { env: "ENGINE_TESTS_UNSET" } },
      retain: 0,
      timeouts: { rebuild: -1 },
      unknown: true,
    };
    const { lines } = await quietly(() =>
      assert.rejects(buildReproducible(inputs as never), (error: unknown) => {
        assert.ok(error instanceof InputError);
        const wrong = [
          "context",
          "name",
          "recipe",
          "retain",
          "revision",
          "secrets.token",
          "timeouts.rebuild",
        ];
        assert.deepEqual(error.failures.map(({ property }) => property).sort(), [
          ...wrong,
          "unknown",
          "verify",
        ]);
        for (const { property, reason } of error.failures) {
          assert.ok(error.message.includes(`${property}: ${reason}`));
        }
        return true;
      }),
    );
    assert.deepEqual(lines, []);
    assert.equal(await isThere(root), false);
  });

  it("says that the engine can't be reached, and makes no store", async () => {
    const root = join(bench.directory, "new-store");
    const { name, context } = bench;
    const host = "unix:///nonexistent.sock";
    await assert.rejects(buildReproducible({ name, context, root, host }), EngineUnreachableError);
    assert.equal(await isThere(root), false);
  });

  it("says each step as it starts and ends, with its seconds", async () => {
    const { name, context, root } = bench;
    const { result, lines } = await quietly(() => buildReproducible({ name, context, root }));
    assert.equal(result.verified, "verified");
    const steps = ["build", "capture", "lock", "locked rebuild", "compare"];
    assert.deepEqual(
      lines.map((line) => line.replace(/\d+\.\d s$/, "N s")),
      steps.flatMap((step) => [`${name}: ${step} ...`, `${name}: ${step} done after N s`]),
    );
  });
});

describe("two builds at once", function () {
  this.timeout(60_000);
  let benches: Bench[] = [];
  before(async () => {
    benches = await Promise.all([makeBench(), makeBench(), makeBench()]);
    for (const [index, bench] of benches.entries()) {
      await bench.write("status", dpkgStatus({ base: `1.${index}` }));
      await bench.write("app", "one");
      await bench.write("Dockerfile", COPY_ONLY);
    }
  });
  after(() => Promise.all(benches.map((bench) => bench.dispose())));

  it("of different artifacts in one process and one store don't get in each other's way", async () => {
    const root = benches[0]?.root ?? "";
    const outcomes = await Promise.all(benches.map((bench) => bench.build({ root })));
    for (const [index, { verified, lockFile, warnings }] of outcomes.entries()) {
      assert.equal(verified, "verified");
      assert.deepEqual(warnings, []);
      assert.ok(lockFile.includes(benches[index]?.name ?? "?"));
    }
    assert.equal(new Set(outcomes.map(({ lockHash }) => lockHash)).size, 3, "each has its own packages");
    assert.equal(new Set(outcomes.map(({ imageId }) => imageId)).size, 3);
  });
});
