import assert from "node:assert/strict";
import { examineInRegistry } from "../../../../provider/promote/gate/examine-registry";
import { REVISION_LABEL } from "../../../../provider/base/revision/verdict";
import { RegistryError } from "../../../../provider/engines/registry/errors";
import type { PlatformImage, RegistryImage } from "../../../../provider/engines/registry/registry";
import { at, id, putBuild, removeScratch, scratch } from "../../store/scratch";

const SHA = "ab".repeat(20);
const SOURCE = "r.io/team/web:1";
const BASE = "r.io/team/base:1";
const NAME = "org.opencontainers.image.base.name";
const DIGEST = "org.opencontainers.image.base.digest";

const platformImage = (config: string, more: Partial<PlatformImage> = {}): PlatformImage => ({
  ...{ platform: "linux/amd64", manifestDigest: id("d"), configDigest: id(config), annotations: {} },
  ...{ labels: { [REVISION_LABEL]: SHA }, history: [] },
  ...more,
});
const found = (
  digest: string,
  images: PlatformImage[],
  more: Partial<RegistryImage> = {},
): RegistryImage => ({
  ...{ repository: "r.io/team/web", digest: id(digest), mediaType: "", isIndex: images.length > 1 },
  ...{ annotations: {}, images },
  ...more,
});
/** A base with the same label, unless it is said otherwise. */
const base = (more: Partial<PlatformImage> = {}): RegistryImage => found("b", [platformImage("b", more)]);
const steps = (...words: string[]) => words.map((createdBy, created) => ({ createdBy, created }));

/** What the gate says of where the label is from, and everything that the registry was asked. */
async function said(
  source: RegistryImage,
  others: Record<string, RegistryImage | Error>,
  root?: string,
): Promise<{ words: string; asked: string[] }> {
  const asked: string[] = [];
  const registry = {
    digestOf: () => Promise.reject(new Error("nobody needs that")),
    point: () => Promise.reject(new Error("nothing is moved here")),
    describe: (reference: string) => {
      asked.push(reference);
      const answer = reference === SOURCE ? source : (others[reference] ?? null);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
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

describe("the base that an image in a registry names", () => {
  after(removeScratch);

  for (const [where, source] of [
    ["in its manifest", found("0", [platformImage("0", { annotations: { [NAME]: BASE } })])],
    ["in its index", found("0", [platformImage("0")], { isIndex: true, annotations: { [NAME]: BASE } })],
    [
      "by a label",
      found("0", [platformImage("0", { labels: { [REVISION_LABEL]: SHA, [NAME]: ` ${BASE} ` } })]),
    ],
  ] as const) {
    it(`${where} and that has the same label makes it inherited`, async () => {
      const { words, asked } = await said(source, { [BASE]: base() });
      assert.match(words, INHERITED);
      assert.deepEqual(asked, [SOURCE, BASE]);
    });
  }

  it("is read by its digest where it has one, beside the image where that is all", async () => {
    const named = { [NAME]: BASE, [DIGEST]: id("b") };
    const inherited = { [NAME]: "r.io/team/grandparent:1" };
    const both = platformImage("0", { annotations: named, labels: { [REVISION_LABEL]: SHA, ...inherited } });
    const { words, asked } = await said(found("0", [both]), { [`${BASE}@${id("b")}`]: base() });
    assert.match(words, INHERITED);
    assert.deepEqual(asked, [SOURCE, `${BASE}@${id("b")}`], "the manifest is asked before the labels");

    const alone = found("0", [platformImage("0", { annotations: { [DIGEST]: id("b") } })]);
    const beside = await said(alone, { [`r.io/team/web@${id("b")}`]: base() });
    assert.match(beside.words, /^no: .* its own: sha256:b+, which it is built on/);
  });

  it("is read once for all platforms, each by its own image", async () => {
    const arm = { platform: "linux/arm64", configDigest: id("7") };
    const source = found("0", [platformImage("0"), platformImage("1", { platform: arm.platform })], {
      annotations: { [NAME]: BASE },
    });
    const bases = found("b", [platformImage("b", { labels: {} }), platformImage("7", arm)]);
    const { words, asked } = await said(source, { [BASE]: bases });
    assert.match(words, /^no: linux\/arm64: the image's label/);
    assert.deepEqual(asked, [SOURCE, BASE]);
  });

  it("makes it no inherited one with another label, or none", async () => {
    const source = found("0", [platformImage("0", { annotations: { [NAME]: BASE } })]);
    const others: Record<string, string>[] = [{}, { [REVISION_LABEL]: "cd".repeat(20) }];
    for (const labels of others) {
      assert.match((await said(source, { [BASE]: base({ labels }) })).words, KNOWN);
    }
  });

  it("does not matter where an instruction of the image's own sets the label, and no other one", async () => {
    const label = `LABEL ${REVISION_LABEL}=${SHA}`;
    const theirs = steps("COPY a", label);
    for (const [history, words] of [
      [steps("COPY a", label, "COPY b"), INHERITED],
      [steps("COPY a", label, "COPY b", label), KNOWN],
      [steps("COPY c", label), INHERITED],
      [[], INHERITED],
    ] as const) {
      const one = platformImage("0", { annotations: { [NAME]: BASE }, history: [...history] });
      assert.match((await said(found("0", [one]), { [BASE]: base({ history: theirs }) })).words, words);
    }
  });

  it("is not asked where the store has stamped the image", async () => {
    const root = scratch();
    await putBuild(root, "web", at(1), { imageId: id("5"), record: { revision: SHA } });
    const source = found("0", [platformImage("5", { annotations: { [NAME]: BASE } })]);
    const { words, asked } = await said(source, { [BASE]: base() }, root);
    assert.match(words, /^the label is the image's own: the store has it/);
    assert.deepEqual(asked, [SOURCE]);
  });

  for (const [claim, facts, answer, why] of [
    ["is named without a host", { [NAME]: "team/base:1" }, null, /names its base "team\/base:1", without/],
    ["is no reference", { [NAME]: "A\nB" }, null, /names its base "A\\nB", without/],
    [
      "has no digest that is one",
      { [NAME]: BASE, [DIGEST]: "sha256:1" },
      null,
      /"sha256:1", which is no digest/,
    ],
    ["is not there", { [NAME]: BASE }, null, /its base r\.io\/team\/base:1 is not there/],
    [
      "is of another platform",
      { [NAME]: BASE },
      base({ platform: "linux/s390x" }),
      /no image for linux\/amd64/,
    ],
    ["is the image itself", { [NAME]: BASE }, base({ configDigest: id("0") }), /is the image itself/],
  ] as const) {
    it(`leaves it open when it ${claim}`, async () => {
      const source = found("0", [platformImage("0", { annotations: facts })]);
      const { words } = await said(source, answer === null ? {} : { [BASE]: answer });
      assert.match(words, /^whether the label \S+ is the image's own or one of a base's can't be told: /);
      assert.match(words, why);
    });
  }

  it("is no yes when it can't be read", async () => {
    const source = found("0", [platformImage("0", { annotations: { [NAME]: BASE } })]);
    const { words } = await said(source, { [BASE]: new RegistryError("denied") });
    assert.match(
      words,
      /^no: whether the label \S+ is the image's own can't be told: its base \S+ can't be read: denied; let it be read from here, or name the store /,
    );
  });
});
