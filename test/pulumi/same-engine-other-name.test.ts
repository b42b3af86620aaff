import assert from "node:assert/strict";
import { buildTiny } from "../support/docker";
import { inOrder } from "../support/in-order";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";
/** The engine that tests use without naming it. */
const SOCKET = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";

describe("a promotion on an engine that gets another name", function () {
  this.timeout(180_000);
  const it = inOrder();
  let story: Story;
  let production: string;
  let source: string;

  before(async () => {
    story = await startStory("renamed", () => ({}));
    production = story.tag("production");
    source = await buildTiny({
      name: story.tag("candidate"),
      labels: { ...story.images.labels, [LABEL]: REVISION_A },
    });
  });
  after(() => story.end());

  const declare = (host: object): Promise<void> =>
    story.declare({ promotion: { source, targets: [production], expectedRevision: REVISION_A, ...host } });

  it("is updated and not replaced, and its tag stays where it is", async () => {
    await declare({});
    await story.project.up({ skipPreview: true });
    await declare({ host: SOCKET });
    const preview = await story.project.preview();
    assert.deepEqual(
      preview.steps.map(({ op }) => op).filter((op) => op !== "same"),
      ["update"],
    );
    await story.project.up({ skipPreview: true });
    assert.equal(await story.pointsTo(production), source);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("has its tag after a replacement that somebody forces", async () => {
    const urn = (await story.recorded("promotion"))?.urn ?? assert.fail("no promotion");
    const { code, stdout, stderr } = await story.project.run(["up", "--yes", "--replace", urn]);
    assert.equal(code, 0, stdout + stderr);
    assert.equal(await story.pointsTo(production), source);
  });
});
