import type { ImageId } from "../../provider/base/reference/types";
import { id } from "../unit/store/scratch";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { dockerEngine } from "../../provider/engines/docker/engine";
import { EngineUnreachableError } from "../../provider/engines/errors";
import type { Clause } from "../../provider/promote/gate/clause";
import { examine } from "../../provider/promote/gate/examine";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { docker, DOCKER_ENV, imageId, imageLabels, removeImage } from "../support/docker";
import { tar } from "../support/tar-gz";
import { makeBench, type Bench } from "./support/bench";
import { shellImage } from "./support/base-images";
import { historyNamesOurs } from "./support/traces";

const REVISION = randomBytes(20).toString("hex");

describe("a revision label is the image's own, or its base's", function () {
  this.timeout(240_000);
  const engine = dockerEngine(undefined, 30_000);
  let bench: Bench;
  let base: ImageId;
  const at = (tag: string): string => `${bench.name}:${tag}`;

  /** Builds a Dockerfile's text with the files `one` and `two` beside it, and returns the image's ID. */
  async function build(
    tag: string,
    dockerfile: string,
    { label, buildkit = true }: { label?: string; buildkit?: boolean } = {},
  ): Promise<ImageId> {
    const context = await tar([
      { path: "Dockerfile", content: dockerfile },
      { path: "one", content: `one of ${bench.name}` },
      { path: "two", content: `two of ${bench.name}` },
    ]);
    const flags = label === undefined ? [] : ["--label", `${REVISION_LABEL}=${label}`];
    const env = { ...DOCKER_ENV, DOCKER_BUILDKIT: buildkit ? "1" : "0" };
    await docker(["build", "--quiet", "--tag", at(tag), ...flags, "-"], {
      input: context,
      timeoutMs: 120_000,
      env,
    });
    return imageId(at(tag));
  }
  /** What the gate says of the image's label beyond its value; null when nothing speaks against it. */
  async function said(source: string, root?: string): Promise<string | null> {
    const { judgement } = await examine(engine, {
      source,
      expectedRevision: REVISION,
      root,
      requireVerified: false,
    });
    assert.equal(judgement.verdict, `provenance match: ${REVISION.slice(0, 12)}`);
    const clause = judgement.clauses.find(({ property }) => property === "source");
    assert.equal(judgement.ok, clause?.ok);
    return clause?.ok === true ? null : (clause?.message ?? assert.fail("no clause"));
  }
  const inherited = (name: string, id: string): string =>
    `the image's label ${REVISION_LABEL} may be inherited and not its own: ${name} (${id}), which it is built on, has the same; `;
  async function assertInherited(source: string, from = at("base"), id = base): Promise<void> {
    const words = await said(source);
    assert.ok(words?.startsWith(inherited(from, id)), String(words));
  }

  before(async () => {
    bench = await makeBench();
    base = await build("base", "FROM scratch\nCOPY one /one\nENV A=b\n", { label: REVISION });
  });
  after(async () => {
    await bench.dispose();
    // Steps of Docker's builder without BuildKit stay where images are kept with containerd. One is listed once the step
    // after it is gone.
    const left = ["--filter", "dangling=true", "--filter", `label=${REVISION_LABEL}=${REVISION}`];
    const last = async (): Promise<string> =>
      (await docker(["image", "ls", "--quiet", ...left])).split("\n")[0] ?? "";
    for (let step = await last(); step !== ""; step = await last()) await removeImage(step);
  });

  /** The last clause about an image, in full. */
  const lastClause = async (source: string): Promise<Clause | undefined> =>
    (await examine(engine, { source, expectedRevision: REVISION })).judgement.clauses.at(-1);
  const UNTOLD = /own or one of a base's can't be told: no image that it is built on is on the engine/;

  it("is its own where its base is known and has another one", async () => {
    await build("plain", "FROM scratch\nCOPY one /plain\n");
    const child = await build("of-plain", `FROM ${at("plain")}\nCOPY two /two\n`, { label: REVISION });
    const message = "no base image with the same label is known here";
    assert.deepEqual(await lastClause(child), { property: "source", ok: true, message });
  });

  it("can't be told where no base is known, which is no refusal and is said", async () => {
    assert.equal(await said(base), null);
    const clause = await lastClause(base);
    assert.equal(clause?.doubt, true);
    assert.match(clause.message, UNTOLD);
  });

  it("is inherited by a child with a layer of its own, and by one with metadata alone", async () => {
    await assertInherited(await build("child", `FROM ${at("base")}\nCOPY two /two\n`));
    await assertInherited(await build("metadata", `FROM ${at("base")}\nCMD ["/one"]\n`));
  });

  it("is inherited through an image in between, each of which is named", async () => {
    const middle = await build("middle", `FROM ${at("base")}\nENV C=d\n`);
    const words = (await said(await build("grandchild", `FROM ${at("middle")}\nCOPY two /two\n`))) ?? "";
    for (const [name, id] of [
      [at("middle"), middle],
      [at("base"), base],
    ]) {
      assert.ok(words.includes(`${name} (${id})`), words);
    }
  });

  it("is inherited, too, when the base has lost its name", async () => {
    const lost = await build("lost", "FROM scratch\nCOPY two /lost\n", { label: REVISION });
    const child = await build("of-lost", `FROM ${at("lost")}\nCOPY one /one\n`);
    // Where images are kept with containerd, a build that takes a name over removes what had it.
    await docker(["tag", await build("other", "FROM scratch\nCOPY two /other\n"), at("lost")]);
    const words = (await said(child)) ?? "";
    assert.ok(words.includes(`its own: ${lost}, which it is built on`), words);
    await docker(["image", "rm", "--force", lost]);
    assert.match((await lastClause(child))?.message ?? "", UNTOLD, "the engine does not have it any more");
  });

  it("is its own where an instruction after FROM sets it", async () => {
    const own = `FROM ${at("base")}\nCOPY two /two\nARG GIT_SHA=${REVISION}\nLABEL ${REVISION_LABEL}=$GIT_SHA\n`;
    assert.equal(await said(await build("instructed", own)), null);
    assert.equal(await said(await build("instructed-before", own, { buildkit: false })), null);
  });

  it("is no matter of two builds of one recipe, with the same layers or other ones", async () => {
    const recipe = "FROM scratch\nCOPY one /same\nCMD a\n";
    const first = await build("first", recipe, { label: REVISION });
    await build("second", recipe.replace("CMD a", "CMD b"), { label: REVISION });
    await build("third", recipe.replace("/same", "/other"), { label: REVISION });
    for (const tag of ["first", "second", "third"]) assert.equal(await said(at(tag)), null, tag);
    assert.equal(await imageId(at("first")), first);
  });

  it("is told by Docker's builder without BuildKit as well, whose steps are no bases", async () => {
    const recipe = `FROM scratch\nLABEL ${REVISION_LABEL}=${REVISION}\nCOPY two /two\nENV E=f\nCMD g\n`;
    const steps = await build("steps", recipe, { buildkit: false });
    assert.equal(await said(steps), null);
    const child = await build("of-steps", `FROM ${at("steps")}\nENV H=i\nCMD j\n`, { buildkit: false });
    await assertInherited(child, at("steps"), steps);
  });

  it("is believed to be inherited where the image names its base so", async () => {
    const label = `LABEL org.opencontainers.image.base.name=${at("base")}\n`;
    const squashed = await build("squashed", `FROM scratch\n${label}COPY two /two\n`, { label: REVISION });
    await assertInherited(squashed);
  });

  describe("of an image that ReproducibleImage has built, whose history may name our variables", () => {
    let shell: ImageId;
    before(async () => {
      shell = await build("shell", `FROM ${await shellImage()}\nCOPY one /one\n`, { label: REVISION });
      await bench.write("Dockerfile", `FROM ${at("shell")}\nCOPY app /app\nRUN true\n`);
    });

    it("is its own by the store's record, and can't be told without the store", async () => {
      await bench.write("app", "stamped");
      const { imageId: built } = await bench.build({ revision: REVISION, verify: "skip" });
      const history = await docker(["image", "history", "--no-trunc", built]);
      assert.equal(/\|\d+ .*APT_CONFIG=\S+ .*true/.test(history), await historyNamesOurs(), history);
      assert.equal(await said(built, bench.root), null);
      await assertInherited(built, at("shell"), shell);
    });

    it("is empty without a revision, whatever the base has", async () => {
      await bench.write("app", "not stamped");
      const { imageId: built } = await bench.build({ verify: "skip" });
      assert.equal((await imageLabels(built))[REVISION_LABEL], "");
      const { judgement } = await examine(engine, { source: built, expectedRevision: REVISION });
      const refused = judgement.clauses.filter(({ ok }) => !ok);
      assert.deepEqual(
        refused.map(({ property, message }) => `${property}: ${message}`),
        ["expectedRevision: provenance fail-closed: image has no revision label"],
      );
    });

    it("is inherited by what is built on it", async () => {
      await bench.write("app", "a base");
      const { imageId: built, reference } = await bench.build({ revision: REVISION, verify: "skip" });
      const child = await build("of-ours", `FROM ${reference}\nCMD ["/app"]\n`);
      const words = (await said(child)) ?? "";
      assert.ok(words.includes(`${reference} (${built})`), words);
    });
  });

  it("can't be told by an engine that does not answer, and that is an error of its kind", async () => {
    const nowhere = dockerEngine("unix:///nonexistent.sock", 5_000);
    await assert.rejects(nowhere.basesWith(base, REVISION_LABEL, REVISION), EngineUnreachableError);
    await assert.rejects(engine.basesWith(id("0"), REVISION_LABEL, REVISION), EngineUnreachableError);
  });
});
