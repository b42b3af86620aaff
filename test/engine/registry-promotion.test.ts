import type { ImageId } from "../../provider/base/reference/types";
import assert from "node:assert/strict";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { contentTag } from "../../provider/engines/registry/push";
import { ATTESTED, buildTiny, docker, imageExists, imageId, removeImage } from "../support/docker";
import { startFaultProxy, type FaultProxy } from "../support/fault-proxy";
import { isContainerdStore } from "../support/image-store";
import { ownImages } from "../support/own-images";
import { startRegistry, type TestRegistry } from "../support/registry";

const [A, B] = ["a1".repeat(20), "b2".repeat(20)];

type Properties = Record<string, unknown>;

describe("a promotion in registries", function () {
  this.timeout(120_000);
  const images = ownImages("promoted");
  let real: TestRegistry;
  let proxy: FaultProxy;
  let imageA: ImageId;
  let imageB: ImageId;
  let [digestA, digestB] = ["", ""];

  before(async () => {
    real = await startRegistry();
    proxy = await startFaultProxy(real.host);
    const build = (name: string, revision: string): Promise<ImageId> =>
      buildTiny({ name: `${images.name}:${name}`, labels: { ...images.labels, [REVISION_LABEL]: revision } });
    [imageA, imageB] = [await build("a", A), await build("b", B)];
    for (const [id, tag] of [
      [imageA, "a"],
      [imageB, "b"],
    ] as const) {
      await docker(["tag", id, at(`team/web:${tag}`)]);
      await docker(["push", "--quiet", at(`team/web:${tag}`)]);
      await docker(["image", "rm", at(`team/web:${tag}`)]);
    }
    [digestA, digestB] = [
      (await real.digest("team/web", "a")) ?? "",
      (await real.digest("team/web", "b")) ?? "",
    ];
  });
  after(async () => {
    await proxy.stop();
    await real.stop();
    await images.clean();
  });

  const at = (rest: string): string => `${real.host}/${rest}`;
  const configuration = async (path: string, tag: string): Promise<string> => {
    const { config } = (await real.json(path, "manifests", tag)) as { config: { digest: string } };
    return config.digest;
  };
  const make = async (inputs: Properties): Promise<Properties> => (await promotion.create(inputs)).outs;
  const said = async (inputs: Properties, olds?: Properties): Promise<string[]> =>
    (await promotion.check(olds, inputs)).failures.map(({ property, reason }) => `${property}: ${reason}`);
  const changes = async (state: Properties, inputs: Properties): Promise<boolean> =>
    (await promotion.diff("id", state, inputs)).changes;

  it("goes from repository to repository by digest, without engine, build or pull", async () => {
    const inputs = {
      source: at("team/web:a"),
      targets: [at("production/web:live"), at("team/web:live")],
      expectedRevision: A,
      // Nothing answers there: whoever asks the engine fails.
      host: "unix:///nonexistent.sock",
    };
    assert.deepEqual(await said(inputs), []);
    const outs = await make(inputs);
    assert.equal(outs.digest, digestA);
    assert.equal(outs.imageId, await configuration("team/web", "a"));
    assert.equal(outs.revision, A);
    assert.deepEqual(outs.previous, { [at("production/web:live")]: null, [at("team/web:live")]: null });
    assert.equal(await real.digest("production/web", "live"), digestA);
    assert.equal(await real.digest("team/web", "live"), digestA, "in the same repository, too");
    assert.equal(await changes(outs, inputs), false);
  });

  it("promotes an index with an equal digest, judging every platform", async () => {
    const both = [
      await real.vary("team/web", "a", {}),
      await real.vary("team/web", "a", { architecture: "arm64", labels: { own: "arm" } }),
    ];
    const digest = await real.index("team/web", "both", both);
    const inputs = { source: at("team/web:both"), targets: [at("production/web:both")], expectedRevision: A };
    const outs = await make(inputs);
    assert.equal(outs.digest, digest);
    assert.equal(outs.imageId, digest, "an index has no image ID but its digest");
    assert.equal(await real.digest("production/web", "both"), digest);
    assert.equal(await changes(outs, inputs), false);
  });

  it("refuses an index when one platform's label is another one, and names the platform", async () => {
    const both = [
      await real.vary("team/web", "a", {}),
      await real.vary("team/web", "a", { architecture: "arm64", labels: { [REVISION_LABEL]: B } }),
    ];
    await real.index("team/web", "mixed", both);
    const inputs = {
      source: at("team/web:mixed"),
      targets: [at("production/web:mixed")],
      expectedRevision: A,
    };
    const words = `linux/arm64: provenance mismatch: image ${B.slice(0, 12)} != expected ${A.slice(0, 12)}`;
    assert.deepEqual(await said(inputs), [`expectedRevision: ${words}; no tag was moved`]);
    await assert.rejects(make(inputs), new RegExp(words));
    assert.equal(await real.digest("production/web", "mixed"), null);
  });

  it("pushes an image of the engine, and tags on the engine at the same time", async () => {
    const targets = [at("pushed/web:live"), `${images.name}:production`];
    const inputs = { source: imageA, targets, expectedRevision: A };
    assert.deepEqual(await said(inputs), []);
    const outs = await make(inputs);
    assert.equal(outs.imageId, imageA);
    assert.equal(await real.digest("pushed/web", "live"), outs.digest);
    assert.equal(await imageId(`${images.name}:production`), imageA);
    // The ID of an image is the one or the other, as the engine keeps it.
    assert.ok([await configuration("pushed/web", "live"), outs.digest].includes(imageA));
    assert.equal(await imageExists(contentTag(at("pushed/web"), imageA)), false);
    assert.equal(await changes(outs, inputs), false);
  });

  it("promotes an image with the attestation that docker build adds on the containerd store", async () => {
    const labels = { ...images.labels, [REVISION_LABEL]: A };
    const source = await buildTiny({ name: `${images.name}:attested`, labels, env: ATTESTED });
    const targets = [at("attested/web:live"), `${images.name}:attested-live`];
    const outs = await make({ source, targets, expectedRevision: A });
    assert.equal(outs.imageId, source);
    assert.equal(await imageId(`${images.name}:attested-live`), source);
    const digest = await real.digest("attested/web", "live");
    assert.equal(digest, outs.digest);
    if (await isContainerdStore()) assert.equal(digest, source, "the index, with its attestation");
    const [from, to] = [at("attested/web:live"), at("next/web:live")];
    await make({ source: from, targets: [to], expectedRevision: A });
    assert.equal(await real.digest("next/web", "live"), digest);
  });

  it("adopts what is in place already, and tells what was there before it moved on", async () => {
    const targets = [at("adopted/web:live")];
    await make({ source: imageA, targets, expectedRevision: A });
    const adopted = await make({ source: imageA, targets, expectedRevision: A });
    assert.deepEqual(adopted.previous, { [at("adopted/web:live")]: null });
    const inputs = { source: imageB, targets, expectedRevision: B };
    const { outs } = await promotion.update("id", adopted, inputs);
    assert.deepEqual(outs.previous, { [at("adopted/web:live")]: adopted.digest });
    const back = `${at("adopted/web")}@${String(adopted.digest)}`;
    const rolledBack = await promotion.update("id", outs, { source: back, targets, expectedRevision: A });
    assert.equal(rolledBack.outs.digest, adopted.digest);
    assert.equal(await real.digest("adopted/web", "live"), adopted.digest);
    assert.deepEqual(rolledBack.outs.previous, { [at("adopted/web:live")]: outs.digest });
  });

  it("refuses to move an immutable target that stands for something else, in preview and update", async () => {
    const fixed = at("fixed/web:1");
    await make({ source: at("team/web:a"), targets: [fixed], expectedRevision: A });
    const inputs = {
      source: at("team/web:b"),
      targets: [fixed, at("fixed/web:fresh")],
      expectedRevision: B,
      immutable: true,
    };
    const words = `${fixed} stands for ${digestA} already, and immutable: true moves no tag`;
    assert.match((await said(inputs)).join("\n"), new RegExp(`^targets: ${words}.*; no tag was moved$`));
    await assert.rejects(make(inputs), new RegExp(words));
    assert.equal(await real.digest("fixed/web", "fresh"), null);
    const same = { ...inputs, source: at("team/web:a"), expectedRevision: A, targets: [fixed] };
    assert.deepEqual(await said(same), []);
    assert.equal((await make(same)).digest, digestA);
  });

  it("refuses that on the engine, and before it pushes, too", async () => {
    await docker(["tag", imageA, `${images.name}:fixed`]);
    const targets = [`${images.name}:fixed`, at("unpushed/web:1")];
    const inputs = { source: imageB, targets, expectedRevision: B, immutable: true };
    assert.match((await said(inputs)).join("\n"), /^targets: \S+:fixed stands for sha256:\w+ already/);
    await assert.rejects(make(inputs), /immutable: true moves no tag/);
    assert.equal(await imageId(`${images.name}:fixed`), imageA);
    assert.equal(await real.digest("unpushed/web", contentTag("", imageB).slice(1)), null);
  });

  it("refuses a source in a registry for a target on the engine, with what to do", async () => {
    const targets = [at("production/web:mirror"), `${images.name}:mirror`];
    assert.match(
      (await said({ source: at("team/web:a"), targets, expectedRevision: A })).join("\n"),
      /^targets: .* is in a registry, and the target .* on the engine: .*docker pull <repository>@<digest>/,
    );
    assert.match(
      (await said({ source: at("team/web:a"), targets: targets.slice(1), expectedRevision: A })).join("\n"),
      /^source: there is no image .* on the engine; pull it first, by its digest/,
    );
  });

  describe("looked at again", () => {
    let inputs: Properties;
    let state: Properties;
    const target = (): string => `${proxy.host}/again/web:live`;
    before(async () => {
      inputs = {
        source: `${proxy.host}/team/web:a`,
        targets: [target(), `${proxy.host}/again/web:two`],
        expectedRevision: A,
      };
      state = await make(inputs);
    });

    it("sees a target that was moved, in check, diff and refresh, and puts it back", async () => {
      await make({ source: at("team/web:b"), targets: [at("again/web:live")], expectedRevision: B });
      const checked = await promotion.check(state, inputs);
      assert.match(
        String(checked.inputs.live),
        new RegExp(`live is ${digestB.slice(7, 19)}, not the source's`),
      );
      assert.equal(await changes(state, inputs), true);
      const { props } = await promotion.read("id", state);
      assert.deepEqual(props?.targets, [`${proxy.host}/again/web:two`]);
      const { outs } = await promotion.update("id", state, inputs);
      assert.equal(await real.digest("again/web", "live"), digestA);
      assert.equal(await changes(outs, inputs), false);
    });

    it("sees a source tag that moved, and judges it", async () => {
      await make({ source: at("team/web:a"), targets: [at("team/web:moving")], expectedRevision: A });
      const own = { source: at("team/web:moving"), targets: [at("again/web:moving")], expectedRevision: A };
      const made = await make(own);
      await make({ source: at("team/web:b"), targets: [at("team/web:moving")], expectedRevision: B });
      assert.equal(await changes(made, own), true);
      assert.match((await said(own, made)).join("\n"), /^expectedRevision: provenance mismatch/);
    });

    for (const [name, fault, words] of [
      ["401", { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }, /docker login/],
      ["404 of something else", { status: 404, text: "<html></html>" }, /perhaps no registry/],
      ["500", { status: 500 }, /trouble of its own/],
    ] as const) {
      it(`keeps the state and promotes nothing at ${name}`, async () => {
        await make({ source: at("team/web:b"), targets: [at("again/web:live")], expectedRevision: B });
        proxy.fault = () => fault;
        try {
          assert.deepEqual(await promotion.read("id", state), { id: "id", props: state });
          assert.match((await said(inputs, state)).join("\n"), words);
          assert.match(
            (await said({ ...inputs, source: at("team/web:a") })).join("\n"),
            /^targets: .*; no tag was moved$/s,
          );
          await assert.rejects(make(inputs), words);
        } finally {
          proxy.fault = null;
        }
        assert.equal(await real.digest("again/web", "live"), digestB);
        await make(inputs);
        assert.equal(await real.digest("again/web", "live"), digestA, "nothing but the fault was in its way");
      });
    }

    it("leaves the tags of a registry where they are when it is destroyed, and the state once all are surely gone", async () => {
      await promotion.delete("id", state);
      assert.equal(await real.digest("again/web", "live"), digestA);
      await real.remove("again/web", "live");
      assert.deepEqual(await promotion.read("id", state), {});
      await make(inputs);
    });
  });

  it("needs no engine image any more once it is in the registry", async () => {
    await removeImage(imageB);
    const inputs = {
      source: `${at("team/web")}@${digestB}`,
      targets: [at("late/web:1")],
      expectedRevision: B,
    };
    assert.equal((await make(inputs)).digest, digestB);
  });
});
