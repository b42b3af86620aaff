import type { ImageId } from "../../../../provider/base/reference/types";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { examineInRegistry } from "../../../../provider/promote/gate/examine-registry";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import { RegistryError } from "../../../../provider/engines/registry/errors";
import type { PlatformImage, RegistryImage } from "../../../../provider/engines/registry/registry";
import { each } from "../../../support/each";
import { at, id, putBuild, putMark, scratch } from "../../store/scratch";
import { platformImage, readOnlyRegistry, registryImage, SHA } from "./registry-image";

const SOURCE = "r.io/team/web:1";
const [CONFIG, MANIFEST, INDEX] = [id("c"), id("d"), id("e")];
const ONE = registryImage();
const ALONE_IN_INDEX = registryImage([platformImage()], { isIndex: true, digest: INDEX });

async function storeWith(imageId: ImageId, revision: string = SHA): Promise<string> {
  const root = scratch();
  const paths = await putBuild(root, "web", at(1), { imageId, record: { revision } });
  await putMark(paths, "verified", { imageId });
  return root;
}

describe("an image in a registry", () => {
  /** Every clause, as `property: message`, a no with `no ` before it. */
  async function clauses(
    found: RegistryImage,
    inputs: { root?: string; requireVerified?: boolean },
  ): Promise<string[]> {
    const registry = readOnlyRegistry(() => Promise.resolve(found));
    const asked = { source: SOURCE, expectedRevision: SHA, ...inputs };
    const { judgement } = await examineInRegistry(registry, asked);
    return judgement.clauses.map(({ ok, property, message }) => `${ok ? "" : "no "}${property}: ${message}`);
  }

  const MATCH = "expectedRevision: provenance match: abababababab";
  const OWN = "source: the label is the image's own: the store has it as built with it";
  const UNTOLD =
    `source: whether the label ${REVISION_LABEL} is the image's own or one of a base's can't be told: ` +
    "a registry does not say what an image was built from";

  it("has a label of which nobody can tell where it is from, which is said", async () =>
    assert.deepEqual(await clauses(ONE, {}), [MATCH, UNTOLD]));

  it("has a label of its own where the store has stamped it, and of that revision only", async () => {
    for (const revision of [SHA, "cd".repeat(20)]) {
      const root = await storeWith(CONFIG, revision);
      const words = revision === SHA ? OWN : UNTOLD;
      assert.deepEqual(await clauses(ONE, { root, requireVerified: false }), [MATCH, words]);
    }
  });

  it("is in the store by its configuration, its manifest, or the index that it came in", async () => {
    const all = [MATCH, OWN, "requireVerified: the image is verified"];
    for (const known of [CONFIG, MANIFEST]) {
      const root = await storeWith(known);
      for (const found of [ONE, ALONE_IN_INDEX]) assert.deepEqual(await clauses(found, { root }), all);
    }
    const root = await storeWith(INDEX);
    assert.deepEqual(await clauses(ALONE_IN_INDEX, { root }), all);
    const foreign = await clauses(ONE, { root });
    assert.match(foreign.join("\n"), /^no requireVerified: .*is not verified \(unknown\)/m);
  });

  it("is refused where the store can't be read", async () => {
    const root = join(scratch(), "file");
    writeFileSync(root, "");
    const said = (await clauses(ONE, { root })).map((line) => line.split(":")[0]);
    assert.deepEqual(said, ["expectedRevision", "no source", "no requireVerified"]);
  });
});

const BASE = "r.io/team/base:1";
const NAME = "org.opencontainers.image.base.name";
const DIGEST = "org.opencontainers.image.base.digest";
const NAMED = { annotations: { [NAME]: BASE } };
/** The image that is judged: of one platform, and with a configuration of its own. */
const source = (more: Partial<PlatformImage> = NAMED, index: Partial<RegistryImage> = {}): RegistryImage =>
  registryImage([platformImage({ configDigest: id("0"), ...more })], { digest: id("0"), ...index });
/** A base with the same label, unless it is said otherwise. */
const base = (more: Partial<PlatformImage> = {}): RegistryImage =>
  registryImage([platformImage({ configDigest: id("b"), ...more })], { digest: id("b") });
const steps = (...words: string[]) => words.map((createdBy, created) => ({ createdBy, created }));

/** What the gate says of where the label is from, and everything that the registry was asked. */
async function said(
  image: RegistryImage,
  others: Record<string, RegistryImage | Error>,
  root?: string,
): Promise<{ words: string; asked: string[] }> {
  const asked: string[] = [];
  const registry = readOnlyRegistry((reference) => {
    asked.push(reference);
    const answer = reference === SOURCE ? image : (others[reference] ?? null);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const inputs = { source: SOURCE, expectedRevision: SHA, root, requireVerified: false };
  const { judgement } = await examineInRegistry(registry, inputs);
  const clauses = judgement.clauses.filter(({ property }) => property === "source");
  const clause = clauses.find(({ ok }) => !ok) ?? clauses[0];
  return { words: `${clause?.ok === true ? "" : "no: "}${clause?.message ?? ""}`, asked };
}

const INHERITED = new RegExp(
  `^no: the image's label ${REVISION_LABEL} may be inherited and not its own: ${BASE} \\(${id("b")}\\), which it is built on,`,
);
const KNOWN = /^no base image with the same label is known here$/;
const UNTOLD = /^whether the label \S+ is the image's own or one of a base's can't be told: /;

describe("the base that an image in a registry names", () => {
  const label = { [REVISION_LABEL]: SHA };
  each("%s and that has the same label makes it inherited", [
    ["in its manifest", source()],
    ["in its index", source({}, { isIndex: true, ...NAMED })],
    ["by a label", source({ labels: { ...label, [NAME]: ` ${BASE} ` } })],
  ])(async (_, image) => {
    const { words, asked } = await said(image, { [BASE]: base() });
    assert.match(words, INHERITED);
    assert.deepEqual(asked, [SOURCE, BASE]);
  });

  it("is read by its digest where it has one, beside the image where that is all", async () => {
    const annotations = { [NAME]: BASE, [DIGEST]: id("b") };
    const both = source({ annotations, labels: { ...label, [NAME]: "r.io/team/grandparent:1" } });
    const { words, asked } = await said(both, { [`${BASE}@${id("b")}`]: base() });
    assert.match(words, INHERITED);
    assert.deepEqual(asked, [SOURCE, `${BASE}@${id("b")}`], "the manifest is asked before the labels");

    const alone = source({ annotations: { [DIGEST]: id("b") } });
    const beside = await said(alone, { [`r.io/team/web@${id("b")}`]: base() });
    assert.match(beside.words, /^no: .* its own: sha256:b+, which it is built on/);
  });

  it("is read once for all platforms, each by its own image", async () => {
    const arm = { platform: "linux/arm64", configDigest: id("7") };
    const own = platformImage({ configDigest: id("0") });
    const platforms = [own, platformImage({ ...arm, configDigest: id("1") })];
    const bases = registryImage([platformImage({ labels: {} }), platformImage(arm)]);
    const { words, asked } = await said(registryImage(platforms, NAMED), { [BASE]: bases });
    assert.match(words, /^no: linux\/arm64: the image's label/);
    assert.deepEqual(asked, [SOURCE, BASE]);
  });

  it("makes it no inherited one with another label, or none", async () => {
    const others: Record<string, string>[] = [{}, { [REVISION_LABEL]: "cd".repeat(20) }];
    for (const labels of others)
      assert.match((await said(source(), { [BASE]: base({ labels }) })).words, KNOWN);
  });

  it("does not matter where an instruction of the image's own sets the label, and no other one", async () => {
    const own = `LABEL ${REVISION_LABEL}=${SHA}`;
    const theirs = base({ history: steps("COPY a", own) });
    for (const [words, ...history] of [
      [INHERITED, "COPY a", own, "COPY b"],
      [KNOWN, "COPY a", own, "COPY b", own],
      [INHERITED, "COPY c", own],
      [INHERITED],
    ] as const) {
      const image = source({ ...NAMED, history: steps(...history) });
      assert.match((await said(image, { [BASE]: theirs })).words, words);
    }
  });

  it("is not asked where the store has stamped the image", async () => {
    const root = await storeWith(id("5"));
    const image = source({ ...NAMED, configDigest: id("5") });
    const { words, asked } = await said(image, { [BASE]: base() }, root);
    assert.match(words, /^the label is the image's own: the store has it/);
    assert.deepEqual(asked, [SOURCE]);
  });

  const S390X = base({ platform: "linux/s390x" });
  each("leaves it open when it %s", [
    ["is named without a host", { [NAME]: "team/base:1" }, /names its base "team\/base:1", without/],
    ["is no reference", { [NAME]: "A\nB" }, /names its base "A\\nB", without/],
    ["has no digest that is one", { [NAME]: BASE, [DIGEST]: "sha256:1" }, /"sha256:1", which is no digest/],
    ["is not there", { [NAME]: BASE }, /its base r\.io\/team\/base:1 is not there/],
    ["is of another platform", { [NAME]: BASE }, /no image for linux\/amd64/, S390X],
    ["is the image itself", { [NAME]: BASE }, /is the image itself/, base({ configDigest: id("0") })],
  ])(async (_, annotations, why, answer) => {
    const { words } = await said(source({ annotations }), answer === undefined ? {} : { [BASE]: answer });
    assert.match(words, UNTOLD);
    assert.match(words, why);
  });

  it("is no yes when it can't be read", async () => {
    const { words } = await said(source(), { [BASE]: new RegistryError("denied") });
    const why =
      /^no: whether the label \S+ is the image's own can't be told: its base \S+ can't be read: denied; let it be read from here, or name the store /;
    assert.match(words, why);
  });
});
