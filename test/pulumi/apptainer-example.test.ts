import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { imageRevision } from "../../provider/build/functions/on-call";
import { idAt } from "../../provider/promote/sif/open-sif";
import { describeWithApptainer } from "../support/apptainer";
import { docker } from "../support/docker";
import { commitAll } from "../support/git";
import { inOrder } from "../support/in-order";
import { makeProject, type PulumiProject } from "../support/pulumi";
import { REPOSITORY } from "../support/pulumi-project";

const EXAMPLE = join(REPOSITORY, "examples/apptainer");

describeWithApptainer("the example of a SIF image", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let project: PulumiProject;
  let revision: string;
  const at = (path: string): string => join(project.directory, path);

  before(async () => {
    const program = await readFile(join(EXAMPLE, "index.ts"), "utf8");
    const STORE = "../../.state/apptainer/store";
    assert.ok(program.includes(STORE), `the example has no ${STORE}`);
    project = await makeProject({
      ...{ name: "apptainer", language: "typescript" },
      program: program.replace(STORE, "store"),
    });
    for (const name of ["tool.def", "count.sh"])
      await cp(join(EXAMPLE, "tool", name), join(project.directory, "tool", name));
    revision = await commitAll(at("tool"), "The tool");
    await docker(["save", "-o", at("tool/base.tar"), "debian:bookworm-slim"]);
  });
  after(() => project.remove());

  it("verifies the image, and links it to the path that people run", async () => {
    const { outputs } = await project.up({ skipPreview: true });
    assert.deepEqual([outputs.verified, outputs.unpinned], ["verified", []]);
    assert.equal(outputs.verdict, `provenance match: ${revision.slice(0, 12)}`);
    assert.equal(outputs.live, "tool.sif");
    assert.equal(await idAt(at("tool.sif")), outputs.imageId);
    assert.equal(await imageRevision(at("tool.sif")), revision);
  });

  it("shows in the next preview that the file was replaced by hand, and nothing else", async () => {
    await rm(at("tool.sif"));
    await writeFile(at("tool.sif"), "junk\n");
    const preview = await project.preview();
    assert.deepEqual([preview.code, preview.changed()], [0, ["live"]], preview.diagnostics);
    assert.match(
      preview.diagnostics,
      /file changed: tool\.sif is [0-9a-f]{12}, but [0-9a-f]{12} was promoted to it/,
    );
    await project.up({ skipPreview: true });
    assert.equal(await imageRevision(at("tool.sif")), revision);
  });

  it("is taken away by destroy, and stays in the store", async () => {
    await project.destroy();
    assert.deepEqual([existsSync(at("tool.sif")), existsSync(at("store/tool/latest"))], [false, true]);
  });
});
