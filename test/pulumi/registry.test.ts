import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { docker } from "../support/docker";
import { startFaultProxy, type FaultProxy } from "../support/fault-proxy";
import { inOrder } from "../support/in-order";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";
import { startRegistry, type TestRegistry } from "../support/registry";
import type { Preview } from "../support/pulumi-preview";

type Outputs = Record<string, unknown>;

describe("an image that is pushed and promoted in a registry", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let story: Story;
  let real: TestRegistry;
  let proxy: FaultProxy;
  let first: { image: Outputs; promotion: Outputs };

  /** Declares both resources; everything but the revision stays. */
  const declare = (
    revision = REVISION_A,
    push = [`${proxy.host}/team/web:built`],
    promotion: object = {},
  ): Promise<void> =>
    story.declare({
      image: {
        name: story.images.name,
        context: "app",
        root: "store",
        revision,
        labels: story.images.labels,
        push,
      },
      promotion: { targets: [`${proxy.host}/production/web:live`], expectedRevision: revision, ...promotion },
    });
  const up = async (): Promise<{ image: Outputs; promotion: Outputs }> =>
    (await story.project.up({ skipPreview: true })).outputs as { image: Outputs; promotion: Outputs };
  const drift = ({ diagnostics }: Preview): string =>
    diagnostics
      .split("\n")
      .flatMap((line) => /drift: (.*)/.exec(line)?.[1] ?? [])
      .join("\n");
  const builds = async (): Promise<number> =>
    (await readdir(join(story.project.directory, "store", story.images.name))).filter((name) =>
      name.endsWith(".lock"),
    ).length;

  before(async () => {
    real = await startRegistry();
    proxy = await startFaultProxy(real.host);
    story = await startStory("registry", () => ({}));
    await declare();
  });
  after(async () => {
    await story.end();
    await proxy.stop();
    await real.stop();
  });

  it("keeps the build and its evidence when the push fails, and pushes without building next time", async () => {
    proxy.fault = (method) => (method === "GET" || method === "HEAD" ? null : { status: 403 });
    const { stdout, stderr } = await story.project.up({ skipPreview: true, expectFailure: true });
    proxy.fault = null;
    assert.match(
      stdout + stderr,
      /was built, but not pushed: sha256:\w+ could not be pushed to \S+team\/web/,
    );
    const kept = (await story.recorded("image"))?.outputs;
    assert.equal(kept?.verified, "verified");
    assert.equal(kept.digest, null);
    const preview = await story.project.preview();
    assert.match(drift(preview), /^not pushed yet: \S+team\/web:built/);
    first = await up();
    assert.equal(first.image.imageId, kept.imageId);
    assert.equal(first.image.timestamp, kept.timestamp, "nothing was built");
  });

  it("has one digest in the registry, in both resources' outputs, and an empty preview", async () => {
    const digest = await real.digest("production/web", "live");
    assert.equal(await real.digest("team/web", "built"), digest);
    assert.equal(first.image.digest, digest);
    assert.equal(first.promotion.digest, digest);
    assert.equal(first.promotion.imageId, first.image.imageId);
    const preview = await story.project.preview();
    assert.deepEqual(preview.changed(), [], preview.diagnostics);
  });

  it("pushes to another reference without building", async () => {
    await declare(REVISION_A, [`${proxy.host}/team/web:built`, `${proxy.host}/team/web:more`]);
    const { image } = await up();
    assert.equal(image.timestamp, first.image.timestamp);
    assert.equal(await real.digest("team/web", "more"), first.image.digest);
  });

  it("shows tags that are gone in a plain preview, and the next update pushes and promotes without building", async () => {
    await real.remove("team/web", "built");
    await real.remove("production/web", "live");
    const before = await builds();
    const preview = await story.project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), ["image", "promotion"]);
    assert.match(drift(preview), /pushed tag gone: the registry has no \S+team\/web:built any more/);
    assert.match(drift(preview), /tag gone: \S+production\/web:live is no longer there/);
    await up();
    assert.equal(await real.digest("production/web", "live"), first.promotion.digest);
    assert.equal(await builds(), before);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("keeps the state and blocks the promotion while the registry can't tell, and warns of the image", async () => {
    // Somebody has moved the target, which an update that got through would put back.
    const { digest: other } = await real.vary("production/web", "live", { labels: { moved: "by hand" } });
    const manifest = await real.json("production/web", "manifests", other);
    assert.equal(await real.put("production/web", "live", manifest), other);
    proxy.fault = () => ({ status: 401, headers: { "www-authenticate": 'Basic realm="tests"' } });
    const preview = await story.project.preview();
    const updated = await story.project.up({ skipPreview: true, expectFailure: true });
    const refreshed = await story.project.refresh().finally(() => (proxy.fault = null));
    assert.equal(await real.digest("production/web", "live"), other, "no tag was moved");
    assert.notEqual(preview.code, 0);
    assert.match(updated.stdout + updated.stderr, /docker login \S+ .*; no tag was moved/);
    assert.match(
      preview.diagnostics,
      /can't tell whether the image is still in its registry: .*docker login/,
    );
    assert.match(preview.diagnostics, /docker login \S+ .*; no tag was moved/);
    assert.match(refreshed.stdout + refreshed.stderr, /docker login .*The state stays as it is\./s);
    assert.equal((await story.recorded("promotion"))?.outputs?.digest, first.promotion.digest);
    await up();
    assert.equal(await real.digest("production/web", "live"), first.promotion.digest);
  });

  it("rolls back to the digest on record in `previous`", async () => {
    await declare(REVISION_B);
    const second = await up();
    const target = `${proxy.host}/production/web:live`;
    assert.deepEqual(second.promotion.previous, { [target]: first.promotion.digest });
    assert.notEqual(second.promotion.digest, first.promotion.digest);
    const source = `${proxy.host}/production/web@${String(first.promotion.digest)}`;
    await declare(REVISION_B, [`${proxy.host}/team/web:built`], { source, expectedRevision: REVISION_A });
    const { promotion } = await up();
    assert.equal(promotion.digest, first.promotion.digest);
    assert.equal(promotion.revision, REVISION_A);
    assert.equal(await real.digest("production/web", "live"), first.promotion.digest);
    assert.deepEqual(promotion.previous, { [target]: second.promotion.digest });
  });

  it("drops a promotion in refresh once its target is surely gone", async () => {
    await real.remove("production/web", "live");
    await story.project.refresh();
    assert.equal(await story.recorded("promotion"), undefined);
  });

  it("leaves the registry as it is when all is destroyed, and says so", async () => {
    await declare();
    const { promotion } = await up();
    const { stdout } = await story.project.destroy();
    assert.match(stdout, /not removed: \S+production\/web:live\s+A registry that deletes a tag/);
    assert.equal(await real.digest("production/web", "live"), promotion.digest);
    const names = await docker(["image", "ls", "--format", "{{.Repository}}", `${proxy.host}/*/*`]);
    assert.equal(names, "", "no name of a registry is left on the engine");
  });
});
