import type { ImageId } from "../../../../provider/base/reference/types";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { examineInRegistry } from "../../../../provider/promote/gate/examine-registry";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import type { Registry, RegistryImage } from "../../../../provider/engines/registry/registry";
import { writeMark } from "../../../../provider/store/mark";
import { hashOfFile, noDrift } from "../../../../provider/store/verification";
import { at, id, putBuild, removeScratch, scratch } from "../../store/scratch";

const SHA = "ab".repeat(20);
const SOURCE = "r.io/team/web:1";
const [CONFIG, MANIFEST, INDEX] = [id("c"), id("d"), id("e")];

const image = (isIndex: boolean): RegistryImage => ({
  repository: "r.io/team/web",
  digest: isIndex ? INDEX : MANIFEST,
  mediaType: "",
  isIndex,
  annotations: {},
  images: [
    {
      platform: "linux/amd64",
      manifestDigest: MANIFEST,
      configDigest: CONFIG,
      labels: { [REVISION_LABEL]: SHA },
      annotations: {},
      history: [],
    },
  ],
});

/** A registry that has one image, and which nobody may write to. */
const registryWith = (found: RegistryImage): Registry => ({
  digestOf: () => Promise.resolve(found.digest),
  describe: () => Promise.resolve(found),
  point: () => Promise.reject(new Error("nothing is moved here")),
});

/** Every clause, as `property: message`, a no with `no ` before it. */
async function clauses(
  found: RegistryImage,
  inputs: { root?: string; requireVerified?: boolean },
): Promise<string[]> {
  const asked = { source: SOURCE, expectedRevision: SHA, ...inputs };
  const { judgement } = await examineInRegistry(registryWith(found), asked);
  return judgement.clauses.map(({ ok, property, message }) => `${ok ? "" : "no "}${property}: ${message}`);
}

async function storeWith(imageId: ImageId, revision: string = SHA): Promise<string> {
  const root = scratch();
  const paths = await putBuild(root, "web", at(1), { imageId, record: { revision } });
  const lockHash = await hashOfFile(paths.lock);
  const mark = { imageId, lockHash: lockHash ?? "", drift: noDrift(), reason: null, summary: "", at: "" };
  await writeMark(paths, "verified", mark);
  return root;
}

const MATCH = "expectedRevision: provenance match: abababababab";
const OWN = "source: the label is the image's own: the store has it as built with it";
const UNTOLD =
  `source: whether the label ${REVISION_LABEL} is the image's own or one of a base's can't be told: ` +
  "a registry does not say what an image was built from";
const VERIFIED = "requireVerified: the image is verified";

describe("an image in a registry", () => {
  after(removeScratch);

  it("has a label of which nobody can tell where it is from, which is said", async () =>
    assert.deepEqual(await clauses(image(false), {}), [MATCH, UNTOLD]));

  it("has a label of its own where the store has stamped it, and of that revision only", async () => {
    const requireVerified = false;
    assert.deepEqual(await clauses(image(false), { root: await storeWith(CONFIG), requireVerified }), [
      MATCH,
      OWN,
    ]);
    const other = await storeWith(CONFIG, "cd".repeat(20));
    assert.deepEqual(await clauses(image(false), { root: other, requireVerified }), [MATCH, UNTOLD]);
  });

  it("is in the store by its configuration, its manifest, or the index that it came in", async () => {
    for (const [known, isIndex] of [
      [CONFIG, false],
      [MANIFEST, false],
      [CONFIG, true],
      [MANIFEST, true],
      [INDEX, true],
    ] as const) {
      assert.deepEqual(await clauses(image(isIndex), { root: await storeWith(known) }), [
        MATCH,
        OWN,
        VERIFIED,
      ]);
    }
    const foreign = await clauses(image(false), { root: await storeWith(INDEX) });
    assert.match(foreign.join("\n"), /^no requireVerified: .*is not verified \(unknown\)/m);
  });

  it("is refused where the store can't be read", async () => {
    const root = join(scratch(), "file");
    writeFileSync(root, "");
    const said = await clauses(image(false), { root });
    assert.deepEqual(
      said.map((line) => line.split(":")[0]),
      ["expectedRevision", "no source", "no requireVerified"],
    );
  });
});
