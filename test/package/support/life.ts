import assert from "node:assert/strict";
import { imageExists, imageId, imageLabels } from "../../support/docker";
import type { OwnImages } from "../../support/own-images";
import type { PulumiProject, UpResult } from "../../support/pulumi";
import { git } from "./stranger";

/** A stranger's project that is installed and has its stack. */
export interface Installed {
  project: PulumiProject;
  images: OwnImages;
}

/**
 * Registers the tests of a stack that is installed.
 *
 * @param options isFirst: what has nothing to do with how the package was installed is looked at, too
 */
export function itLives(installed: () => Installed, { isFirst = false } = {}): void {
  let up: UpResult;

  it("builds, verifies and promotes in `pulumi up`", async () => {
    const { project, images } = installed();
    up = await project.up({ skipPreview: true });
    const revision = await git(project.directory, "rev-parse", "HEAD");
    const { packages, ...rest } = up.outputs;
    assert.deepEqual(rest, {
      imageId: await imageId(`${images.name}:production`),
      verified: "verified",
      verdict: `provenance match: ${revision.slice(0, 12)}`,
    });
    assert.deepEqual(packages, { file: 1 });
    const labels = await imageLabels(`${images.name}:production`);
    assert.equal(labels["org.opencontainers.image.revision"], revision);
  });

  it("says each step on the resource's own row, through the project's own SDK", () => {
    assert.match(up.stdout, /ReproducibleImage image creating \(\d+s\) build \.\.\./);
    assert.match(
      up.stdout,
      /ReproducibleImage image created \(\d+s\) verified, no packages, 1 file compared/,
    );
  });
  if (!isFirst) return;

  it("has nothing to do in the next preview", async () => {
    const preview = await installed().project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), []);
    assert.doesNotMatch(preview.diagnostics, /^(?:warning|error)|drift/m);
  });

  it("takes the promoted tag away in `pulumi destroy`, and not the image", async () => {
    const { project, images } = installed();
    await project.destroy();
    assert.equal(await imageExists(`${images.name}:production`), false);
    assert.equal(await imageExists(String(up.outputs.imageId)), true);
  });
}
