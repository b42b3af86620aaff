import assert from "node:assert/strict";
import { buildTiny, docker } from "../support/docker";
import type { Arguments } from "../support/pulumi-program";
import { REVISION_A, startStory, type Story } from "../support/pulumi-story";

const LABEL = "org.opencontainers.image.revision";
const UNREACHABLE = { DOCKER_HOST: "tcp://127.0.0.1:1" };

describe("a refresh", function () {
  this.timeout(1_800_000);
  let story: Story;
  let [promoted, other, built] = ["", "", ""];

  const up = async (): Promise<void> => {
    const { outputs } = await story.project.up({ skipPreview: true });
    built = (outputs.image as { imageId: string }).imageId;
  };
  const names = async (): Promise<string[]> => {
    const { resources = [] } = (await story.project.exportState()).deployment;
    return resources.map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2)).sort();
  };
  const tags = (): Promise<(string | null)[]> =>
    Promise.all(["gone", "moved", "production"].map((tag) => story.pointsTo(story.tag(tag))));

  before(async () => {
    story = await startStory("refresh", () => ({}));
    const { name, labels } = story.images;
    promoted = await buildTiny({ name: story.tag("ready"), labels: { ...labels, [LABEL]: REVISION_A } });
    other = await buildTiny({ name: story.tag("other"), labels });
    const to = (tag: string): Arguments => ({ targets: [story.tag(tag)], expectedRevision: REVISION_A });
    await story.declare({
      image: { name, context: "app", root: "store", revision: REVISION_A, labels },
      promotion: to("production"),
      promotions: { gone: { source: promoted, ...to("gone") }, moved: { source: promoted, ...to("moved") } },
    });
    await up();
  });
  after(() => story.end());

  it("drops nothing when Docker does not answer, and says why", async () => {
    const before = await names();
    const { code, stdout, stderr } = await story.project.run(["refresh", "--yes"], UNREACHABLE);
    assert.equal(code, 0, stdout + stderr);
    const production = story.tag("production");
    const words = `can't tell where ${production} is: Docker is not reachable at .*\\s+The state stays as it is`;
    assert.match(stdout + stderr, new RegExp(words));
    assert.deepEqual(await names(), before);
    const { outputs } = (await story.recorded("promotion")) ?? {};
    assert.deepEqual([outputs?.imageId, outputs?.targets], [built, [production]]);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });

  it("drops an image and promotions whose tag is gone, and keeps one whose tag was moved; the next update heals all", async () => {
    await docker(["image", "rm", story.tag("gone")]);
    await story.move(story.tag("moved"), other);
    await docker(["image", "rm", "--force", built]);
    await story.project.refresh();
    const left = await names();
    for (const name of ["image", "promotion", "gone"]) assert.ok(!left.includes(name), name);
    assert.ok(left.includes("moved"));
    assert.deepEqual(await tags(), [null, other, null], "a refresh must not move anything");
    const preview = await story.project.preview();
    const ops = ["image", "promotion", "gone", "moved"].map((name) => preview.step(name).op);
    assert.deepEqual(ops, ["create", "create", "create", "update"]);
    await up();
    assert.deepEqual(await tags(), [promoted, promoted, built]);
    assert.deepEqual((await story.project.preview()).changed(), []);
  });
});
