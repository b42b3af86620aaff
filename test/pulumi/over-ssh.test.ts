import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promotion } from "../../provider/pulumi/promotion/promotion-provider";
import { buildTiny, docker, imageId } from "../support/docker";
import { each } from "../support/each";
import { freePort } from "../support/free-port";
import { inOrder } from "../support/in-order";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, REVISION_B, startStory, type Story } from "../support/pulumi-story";
import { startSshd, type Sshd } from "../support/sshd";

const PATH = process.env.PATH;

describe("an image and its promotion on an engine over ssh", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let sshd: Sshd;
  let story: Story;
  let production: string;
  let nobody: string;

  const declare = (revision: string, host: string | undefined, more: Arguments = {}): Promise<void> =>
    story.declare({
      image: {
        context: "app",
        root: "store",
        name: story.images.name,
        labels: story.images.labels,
        revision,
        host,
      },
      promotion: { targets: [production], expectedRevision: revision, host, ...more },
    });

  before(async () => {
    sshd = await startSshd({ share: true });
    process.env.PATH = sshd.env().PATH;
    story = await startStory("far", () => ({}));
    production = story.tag("production");
    nobody = `ssh://127.0.0.1:${await freePort()}`;
  });
  after(async () => {
    process.env.PATH = PATH;
    await story?.end();
    await sshd?.close();
  });

  it("are built, compared, judged and tagged there, and then there is nothing to do", async () => {
    await declare(REVISION_A, sshd.url);
    const { outputs } = await story.project.up({ skipPreview: true });
    const { image, promotion: promoted } = outputs as Record<string, Record<string, unknown>>;
    assert.equal(image?.verified, "verified", String(image?.reason));
    assert.equal(promoted?.verdict, `provenance match: ${REVISION_A.slice(0, 12)}`);
    assert.equal(await imageId(production), image.imageId);
    const preview = await story.project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), []);
  });

  const far = (): string => sshd.url;
  each<readonly [string, () => string, () => Promise<void>, RegExp]>("are refused on a host %s", [
    [
      "where nobody listens for ssh",
      () => nobody,
      () => Promise.resolve(),
      /ssh:\/\/127\.0\.0\.1:\d+: nobody listens for ssh at 127\.0\.0\.1; check host and port, or start its sshd/,
    ],
    [
      "whose host key nobody knows",
      far,
      () => sshd.trust("unknown"),
      /ssh does not know the host key of \S+; connect once by hand \(ssh \S+\) and check it/,
    ],
    ["whose host key has changed", far, () => sshd.trust("changed"), /is not the one in known_hosts/],
    ["that does not take the key", far, () => sshd.useKey("strange"), /takes neither this user nor its keys/],
  ])(async (_claim, host, harm, words) => {
    await harm();
    try {
      const { failures } = await promotion.check(
        {},
        { source: "web:1", targets: [production], expectedRevision: REVISION_B, host: host() },
      );
      const said = failures.map(({ reason }) => reason).join("\n");
      assert.match(said, new RegExp(`${words.source}.*; no tag was moved`));
    } finally {
      await sshd.trust("known");
      await sshd.useKey("own");
    }
  });

  it("promote nothing on a host that is lost, and keep their state; there is nothing to do once it is back", async () => {
    const [before, state] = [await imageId(production), await story.project.exportState()];
    await declare(REVISION_B, nobody);
    const { code, diagnostics } = await story.project.preview();
    assert.notEqual(code, 0);
    assert.match(diagnostics, /nobody listens for ssh at .*; no tag was moved/);
    const { stdout, stderr } = await story.project.up({ skipPreview: true, expectFailure: true });
    assert.match(stdout + stderr, /nobody listens for ssh at/);
    await story.project.run(["refresh", "--yes"]);
    assert.equal(await imageId(production), before);
    const now = (await story.project.exportState()).deployment.resources ?? [];
    for (const { urn, outputs } of state.deployment.resources ?? []) {
      if (/::(?:image|promotion)$/.test(urn))
        assert.deepEqual(now.find((one) => one.urn === urn)?.outputs, outputs);
    }
    await declare(REVISION_A, sshd.url);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("are updated and not replaced when the engine is named without ssh, and the tag stays where it is", async () => {
    const before = await imageId(production);
    await declare(REVISION_A, process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock");
    const { steps } = await story.project.preview();
    assert.deepEqual([...new Set(steps.map(({ op }) => op))].sort(), ["same", "update"]);
    await story.project.up({ skipPreview: true });
    assert.equal(await imageId(production), before);
  });

  it("are promoted, and destroyed, through a context of the docker client whose endpoint is over ssh", async () => {
    const config = await mkdtemp(join(tmpdir(), "verified-images-docker-"));
    const variables = { DOCKER_CONFIG: config };
    const run = async (...args: string[]): Promise<void> => {
      const { code, stdout, stderr } = await story.project.run(args, variables);
      assert.equal(code, 0, stdout + stderr);
    };
    try {
      await docker(["--config", config, "context", "create", "far", "--docker", `host=${sshd.url}`]);
      const labels = { ...story.images.labels, "org.opencontainers.image.revision": REVISION_B };
      const source = await buildTiny({ name: story.tag("candidate"), labels });
      assert.notEqual(await imageId(production), source);
      await declare(REVISION_A, sshd.url, { source, expectedRevision: REVISION_B, host: "far" });
      await run("up", "--yes", "--skip-preview");
      assert.equal(await imageId(production), source);
      await run("destroy", "--yes");
      assert.equal(await story.pointsTo(production), null);
    } finally {
      await rm(config, { recursive: true, force: true });
    }
  });
});
