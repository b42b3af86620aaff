import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { imageId, imageLabels } from "../support/docker";
import { commitAll, git } from "../support/git";
import { ownImages, type OwnImages } from "../support/own-images";
import { makeProject, type PulumiProject } from "../support/pulumi";

const LABEL = "org.opencontainers.image.revision";

describe("the rollout by a stack's configuration", function () {
  this.timeout(1_800_000);
  let images: OwnImages;
  let project: PulumiProject;
  let production: string;
  let head: string;
  let unconfigured: string;

  before(async () => {
    images = ownImages("rollout");
    production = `${images.name}:production`;
    const image = {
      name: images.name,
      context: "app",
      root: "store",
      verify: "skip",
      labels: images.labels,
    };
    project = await makeProject({
      name: "rollout",
      program: `const { PromotedImage, releaseAnchor, ReproducibleImage } = require("pulumi-verified-images");
module.exports = async () => {
  const anchor = await releaseAnchor({ repository: "Example/Shop", worktree: "app" });
  const image = new ReproducibleImage("image", { ...${JSON.stringify(image)}, ...anchor.stamp });
  const promotion = new PromotedImage("promotion", {
    source: image.imageId, targets: ["${production}"], ...anchor.gate,
  });
  return { applies: anchor.applies, anchor: anchor.revision, stamped: image.revision, verdict: promotion.verdict };
};
`,
      files: { "app/Dockerfile": "FROM scratch\nCOPY text /text\n", "app/text": `${images.name}\n` },
    });
    head = await commitAll(join(project.directory, "app"), "first");
    unconfigured = await readFile(join(project.directory, "Pulumi.test.yaml"), "utf8");
  });
  after(async () => {
    await images.clean();
    project.remove();
  });

  /** The stack's whole configuration. */
  const configure = (settings: Record<string, string>): Promise<void> => {
    const lines = Object.entries(settings).map(
      ([key, value]) => `  verified-images:${key}: ${JSON.stringify(value)}`,
    );
    return project.write("Pulumi.test.yaml", [unconfigured, "config:", ...lines, ""].join("\n"));
  };
  const label = async (): Promise<string | undefined> =>
    (await imageLabels(await imageId(production)))[LABEL];

  it("is on where nothing is configured: stamp and gate from one anchor", async () => {
    const { outputs } = await project.up({ skipPreview: true });
    assert.deepEqual(outputs, {
      applies: true,
      anchor: head,
      stamped: head,
      verdict: `provenance match: ${head.slice(0, 12)}`,
    });
    assert.equal(await label(), head);
  });

  it("is an error, and not off, with a switch that can't be read", async () => {
    await configure({ enabled: "flase" });
    const preview = await project.preview();
    const { code, diagnostics } = preview;
    assert.notEqual(code, 0);
    assert.match(
      diagnostics,
      /verified-images:enabled: is "flase", expected true or false; it could weaken the gate/,
    );
    assert.ok(!preview.changed().includes("promotion"));
  });

  it("is off for a repository that is not listed: neither stamped nor judged, and the verdict says so", async () => {
    await configure({ enabled: "true", repositories: "example/other" });
    const { outputs, stdout } = await project.up({ skipPreview: true });
    assert.deepEqual([outputs.applies, outputs.verdict], [false, "image-freshness disabled"]);
    assert.equal(outputs.stamped ?? null, null);
    assert.equal((await label()) ?? "", "");
    assert.match(stdout, /warning: image-freshness disabled/);
  });

  it("is on for one that is listed, as JSON too", async () => {
    await configure({ repositories: '["example/other", "example/shop"]' });
    const { outputs } = await project.up({ skipPreview: true });
    assert.deepEqual([outputs.applies, outputs.verdict], [true, `provenance match: ${head.slice(0, 12)}`]);
    assert.equal(await label(), head);
  });

  it("with an empty list is on for the repository of the program alone: by its origin, or by setting", async () => {
    const applies = async (): Promise<unknown> => {
      const preview = await project.preview();
      assert.equal(preview.code, 0, preview.diagnostics);
      // It is on in the state, so a preview that has nothing to do leaves it on.
      return preview.changed().includes("promotion") ? preview.step("promotion").newInputs.enabled : true;
    };
    await configure({});
    await project.up({ skipPreview: true });
    await configure({ enabled: "true", repositories: "" });
    assert.equal(await applies(), false, "no work tree, so not this one");
    await git(project.directory, ["init", "--quiet"]);
    await git(project.directory, ["remote", "add", "origin", "git@forge.example:example/shop.git"]);
    assert.equal(await applies(), true);
    await configure({ enabled: "true", repositories: "", selfRepository: "example/elsewhere" });
    assert.equal(await applies(), false, "the setting comes first");
  });
});
