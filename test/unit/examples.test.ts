import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const REPOSITORY = join(__dirname, "..", "..");

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

const manifest = (...path: string[]): Manifest =>
  JSON.parse(readFileSync(join(REPOSITORY, ...path, "package.json"), "utf8")) as Manifest;

/** Every example that is an npm package; a script alone is none. */
const EXAMPLES = readdirSync(join(REPOSITORY, "examples")).filter((name) =>
  readdirSync(join(REPOSITORY, "examples", name)).includes("package.json"),
);

describe("the examples", () => {
  const tested = manifest().devDependencies ?? {};

  it("have the three that are programs", () => {
    for (const name of ["quickstart", "staged-release", "two-stacks"])
      assert.ok(EXAMPLES.includes(name), name);
  });

  for (const name of EXAMPLES) {
    it(`${name} takes this package from here, and of Pulumi what the tests run with`, () => {
      const { "pulumi-verified-images": own, ...others } = manifest("examples", name).dependencies ?? {};
      assert.equal(own, "file:../..");
      assert.ok("@pulumi/pulumi" in others);
      for (const [dependency, version] of Object.entries(others)) {
        assert.equal(version, tested[dependency], `${dependency} in examples/${name}`);
      }
    });
  }
});
