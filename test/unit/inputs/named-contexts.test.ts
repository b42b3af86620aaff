import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FROM_DISK } from "../../../provider/build/roundtrip/source";
import { contextProblem } from "../../../provider/inputs/named-contexts";
import { planImage } from "../../../provider/inputs/plan";
import { externalImages } from "../../../provider/recipe/dockerfile/bases";
import { parseDockerfile } from "../../../provider/recipe/dockerfile/parse";
import { programPaths } from "../../../provider/pulumi/host/program-paths";
import { scratch } from "../store/scratch";

const COMMIT = "0123456789".repeat(4);

describe("a named context", () => {
  for (const [source, problem] of [
    ["../lib", null],
    ["docker-image://debian:12", null],
    [`https://host.example/app.git#${COMMIT}`, null],
    [`git@host.example:app.git#${COMMIT}:lib`, null],
    ["", /is empty/],
    ["docker-image://", /it is empty/],
    [`docker-image://sha256:${"a".repeat(64)}`, /by its ID/],
    ["https://host.example/app.git#main", /names no full commit/],
    ["https://host.example/app.tar.gz", /names no full commit/],
    [`https://me:word@host.example/app.git#${COMMIT}`, /has a password/],
    ["target:base", /not supported \(target:\)/],
    ["oci-layout:///tmp/x", /not supported \(oci-layout:\)/],
  ] as const)
    it(`${source || "nothing"}: ${problem === null ? "is taken" : `is refused (${problem.source})`}`, () => {
      const found = contextProblem(source);
      if (problem === null) assert.equal(found, null);
      else assert.match(found ?? "", problem);
    });
});

describe("named contexts in a plan", () => {
  const made = (recipe = "FROM lib\n"): { folder: string; inputs: Record<string, unknown> } => {
    const folder = scratch();
    for (const name of ["app", "lib"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "app", "Dockerfile"), recipe);
    return { folder, inputs: { name: "web", context: "app", root: "store", contexts: { lib: "lib" } } };
  };
  const failuresOf = async (changes: object, recipe?: string): Promise<string[]> => {
    const { folder, inputs } = made(recipe);
    const { failures } = await planImage({ ...inputs, ...changes }, folder);
    return failures.map(({ property, reason }) => `${property} ${reason.replaceAll(folder, "")}`);
  };

  it("are absolute, and no image is looked for under their names", async () => {
    const { folder, inputs } = made("FROM lib\nCOPY --from=lib a b\nRUN --mount=from=lib x\n");
    const { plan, recipe } = await planImage(inputs, folder);
    assert.deepEqual(plan?.contexts, { lib: join(folder, "lib") });
    assert.deepEqual(recipe?.references, []);
  });

  it("that are images are looked for, as the recipe names them", () => {
    const parsed = parseDockerfile("FROM base\nCOPY --from=lib a b\n");
    const images = externalImages(parsed, { platform: "linux/amd64", contexts: ["lib"] });
    assert.deepEqual(
      images.map(({ reference }) => reference),
      ["base"],
    );
  });

  it("are refused where they are no folder, have the store in them, or the name of a stage", async () => {
    assert.deepEqual(await failuresOf({ contexts: { lib: "nowhere" } }), [
      "contexts.lib /nowhere is not a directory; give a directory, an image or a repository",
    ]);
    assert.deepEqual(await failuresOf({ root: "lib/store" }), [
      "contexts.lib /lib contains the artifact store /lib/store; move one of the two",
    ]);
    assert.deepEqual(await failuresOf({}, "FROM scratch AS Lib\n"), [
      "contexts.lib the recipe has a stage of this name; give the context, or the stage, another one",
    ]);
    assert.deepEqual(await failuresOf({ contexts: { "a b": "lib" } }), [
      "contexts.a b a name has letters, digits, and . _ : / - only",
    ]);
  });

  it("are in the hash: their files, their names, and what the others name", async () => {
    const { folder, inputs } = made();
    const hash = async (contexts: Record<string, string>): Promise<string> => {
      const { plan } = await planImage({ ...inputs, contexts }, folder);
      return (await FROM_DISK.context(plan ?? assert.fail())).contextHash;
    };
    const found = [await hash({}), await hash({ lib: "lib" }), await hash({ other: "lib" })];
    found.push(await hash({ lib: "docker-image://own:1" }), await hash({ lib: "docker-image://own:2" }));
    writeFileSync(join(folder, "lib", "a"), "");
    found.push(await hash({ lib: "lib" }));
    writeFileSync(join(folder, "lib", ".dockerignore"), "a\n.dockerignore\n");
    assert.equal(new Set(found).size, 6);
    assert.equal(
      await hash({ lib: "lib" }),
      found[1],
      "what its own .dockerignore leaves out does not count",
    );
  });

  it("are relative to the program in the state", () =>
    assert.deepEqual(
      programPaths({ contexts: { lib: "/p/lib/", base: "docker-image://own:1" } }, "/p/app").contexts,
      {
        lib: "../lib",
        base: "docker-image://own:1",
      },
    ));
});
