import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { makeProject, type PulumiProject } from "../support/pulumi";
import type { Preview } from "../support/pulumi-preview";
import { REPOSITORY } from "../support/pulumi-project";

const PROGRAM = `
const { ReproducibleImage } = require(${JSON.stringify(REPOSITORY)});
new ReproducibleImage("one", { context: "app", root: "store" });
new ReproducibleImage("two", { context: "app", root: "store" });
`;

describe("a program that has the package only through another one", function () {
  this.timeout(1_800_000);
  let project: PulumiProject;
  let preview: Preview;
  before(async () => {
    project = await makeProject({ name: "out-of-reach", program: PROGRAM });
    await rm(join(project.directory, "node_modules", "pulumi-verified-images"));
    preview = await project.preview();
  });
  after(() => project.remove());

  it("fails in the preview", () => {
    assert.notEqual(preview.code, 0);
    assert.match(preview.diagnostics, /Cannot find module 'pulumi-verified-images\/provider'/);
  });

  it("is told once what to do", () => {
    const told = preview.diagnostics.match(
      /warning: pulumi-verified-images can't be found from this program's folder, .*: add it to the dependencies/g,
    );
    assert.equal(told?.length, 1, preview.diagnostics);
  });
});
