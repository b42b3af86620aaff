import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unheededPolicy } from "../../../../provider/engines/frontend";
import { readPolicies, SOURCE_POLICY, withEntries } from "../../../../provider/recipe/context/policies";
import { scratch } from "../../store/scratch";

describe("readPolicies", () => {
  const hashWith = async (recipe: string, source?: string): Promise<string> =>
    withEntries("sha256:0", (await readPolicies(recipe, { [SOURCE_POLICY]: source })).entries);

  it("finds none, and leaves the hash as it is", async () => {
    const recipe = join(scratch(), "Dockerfile");
    assert.deepEqual(await readPolicies(recipe, {}), { build: null, entries: [] });
    assert.equal(await hashWith(recipe), "sha256:0");
    assert.equal(await hashWith(recipe, ""), "sha256:0");
  });

  it("takes the one beside the recipe, and one that the environment names, each into the hash", async () => {
    const folder = scratch();
    const [recipe, source] = [join(folder, "app.Dockerfile"), join(folder, "source.json")];
    writeFileSync(`${recipe}.rego`, "package docker");
    writeFileSync(source, "{}");
    assert.deepEqual((await readPolicies(recipe, {})).build, {
      recipe: "app.Dockerfile",
      text: "package docker",
    });
    const hashes = [
      await hashWith(recipe),
      await hashWith(recipe, source),
      await hashWith(join(folder, "x"), source),
    ];
    writeFileSync(`${recipe}.rego`, "package docker\n");
    hashes.push(await hashWith(recipe));
    assert.equal(new Set(["sha256:0", ...hashes]).size, 5);
  });

  it("refuses to go on without one that it can't read", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "Dockerfile.rego"));
    await assert.rejects(
      readPolicies(join(folder, "Dockerfile"), {}),
      /^ContextError: The build policy .*Dockerfile\.rego can't be read/,
    );
    const words =
      /^ContextError: The build policy \/nowhere can't be read: .*EXPERIMENTAL_BUILDKIT_SOURCE_POLICY names it/;
    await assert.rejects(hashWith(join(folder, "other"), "/nowhere"), words);
  });
});

describe("unheededPolicy", () => {
  for (const [buildx, buildkit, least, heeded] of [
    ["0.35.0", "0.31.1", undefined, true],
    ["0.31.0", "0.27.0", undefined, true],
    ["0.30.1", "0.27.0", undefined, false],
    ["0.35.0", "0.25.2", undefined, false],
    ["0.35.0", "0.0.0+unknown", "0.20.0", false],
    ["0.35.0", null, undefined, false],
    [undefined, null, undefined, false],
  ] as const)
    it(`buildx ${buildx} with BuildKit ${buildkit ?? least}: ${heeded ? "is heeded" : "a warning"}`, () => {
      const words = unheededPolicy("Dockerfile.rego", { driver: "docker", buildx, buildkit, least });
      assert.equal(words === null, heeded);
      if (words !== null)
        assert.match(
          words,
          /^the policy Dockerfile\.rego may have no effect: buildx 0\.31\.0 and BuildKit 0\.27\.0/,
        );
    });
});
