import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SOURCE_POLICY } from "../../provider/recipe/context/policies";
import { type Bench, type Outcome, quickBench } from "./support/bench";
import { describeBeside } from "./support/lanes";
import { COPY_ONLY } from "./support/recipes";

/** A policy beside the recipe with this condition. */
const allowing = (condition: string): string =>
  `package docker\n\ndefault allow = false\n\nallow if ${condition}\n\ndecision := {"allow": allow}\n`;

describeBeside("a policy about the sources of a build", function () {
  this.timeout(120_000);
  let bench: Bench;

  beforeEach(async () => {
    bench = await quickBench();
  });
  afterEach(() => bench.dispose());

  const logs = async ({ timestamp }: Outcome): Promise<string[]> => {
    const { buildLog, verifyLog } = bench.paths(timestamp);
    return Promise.all([buildLog, verifyLog].map((file) => readFile(file, "utf8")));
  };

  it("beside the recipe is in force in both builds, also if it is outside the context", async () => {
    const recipe = join(bench.directory, "app.Dockerfile");
    await writeFile(recipe, COPY_ONLY);
    await writeFile(`${recipe}.rego`, allowing('input.env.filename == "app.Dockerfile"'));
    const built = await bench.build({ recipe });
    assert.deepEqual([built.verified, built.warnings], ["verified", []]);
    for (const log of await logs(built)) assert.match(log, /loading policies .*app\.Dockerfile\.rego/);
  });

  it("that says no fails the build, and nothing is kept", async () => {
    await bench.write("Dockerfile.rego", allowing("input.image"));
    await assert.rejects(bench.build(), /not allowed by policy/);
    assert.deepEqual(await bench.images(), []);
  });

  it("makes a new build when it changes", async () => {
    const recipe = join(bench.directory, "Dockerfile");
    await writeFile(recipe, COPY_ONLY);
    const before = await bench.build({ recipe });
    await writeFile(`${recipe}.rego`, allowing("true"));
    const after = await bench.build({ recipe });
    assert.notEqual(after.timestamp, before.timestamp);
    assert.deepEqual((await bench.build({ recipe })).steps, []);
  });

  it(`that ${SOURCE_POLICY} names is in force too`, async () => {
    const file = join(bench.directory, "source-policy.json");
    const rule = { action: "DENY", selector: { identifier: "local://*" } };
    await writeFile(file, JSON.stringify({ rules: [rule] }));
    process.env[SOURCE_POLICY] = file;
    try {
      await assert.rejects(bench.build(), /source .* denied by policy|not allowed by policy/);
    } finally {
      delete process.env[SOURCE_POLICY];
    }
    assert.equal((await bench.build()).verified, "verified");
  });
});
