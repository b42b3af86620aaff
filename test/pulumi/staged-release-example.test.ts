import assert from "node:assert/strict";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { docker, imageId } from "../support/docker";
import { freePort } from "../support/free-port";
import { commitAll } from "../support/git";
import { ownImages } from "../support/own-images";
import { makeProject, type PulumiProject } from "../support/pulumi";
import { REPOSITORY } from "../support/pulumi-project";
import { ask } from "../support/web-service";

const EXAMPLE = join(REPOSITORY, "examples/staged-release");
const SERVICE = join(REPOSITORY, "examples/quickstart/service");

/** The example as it stands, but for names, ports and places, which may be in use on this machine. */
async function adapted(changes: Readonly<Record<string, string>>): Promise<string> {
  const text = await readFile(join(EXAMPLE, "index.ts"), "utf8");
  for (const from of Object.keys(changes)) assert.ok(text.includes(from), `the example has no ${from}`);
  const any = new RegExp(Object.keys(changes).join("|"), "g");
  return text.replace(any, (from) => changes[from] ?? assert.fail(from));
}

describe("the example of a staged release", function () {
  this.timeout(1_800_000);
  const images = ownImages("shop");
  let project: PulumiProject;
  let ports: [number, number];
  let revision: string;

  before(async () => {
    ports = [await freePort(), await freePort()];
    const program = await adapted({
      "../../.state/quickstart/service": "service",
      "../../.state/staged-release/store": "store",
      shop: images.name,
      "context: worktree,": `context: worktree, labels: ${JSON.stringify(images.labels)},`,
      "8500": String(ports[0]),
      "8501": String(ports[1]),
    });
    project = await makeProject({
      name: "shop",
      language: "typescript",
      program,
      files: { "check.mjs": await readFile(join(EXAMPLE, "check.mjs"), "utf8") },
      plugins: "real-or-stand-in",
    });
    await cp(SERVICE, join(project.directory, "service"), { recursive: true });
    revision = await commitAll(join(project.directory, "service"), "The service");
  });
  after(async () => {
    await images.clean();
    project.remove();
  });

  it("verifies the service, tries it in staging, and runs in production what was promoted", async () => {
    const { outputs } = await project.up({ skipPreview: true });
    assert.equal(outputs.verified, "verified");
    assert.equal(outputs.verdict, `provenance match: ${revision.slice(0, 12)}`);
    for (const port of ports) {
      assert.match(await ask(`http://127.0.0.1:${port}/version`), new RegExp(`^200 .*"${revision}"`));
    }
    const promoted = await imageId(`${images.name}:production`);
    for (const container of [`${images.name}-staging`, `${images.name}-production`]) {
      assert.equal(await docker(["container", "inspect", "--format", "{{.Image}}", container]), promoted);
    }
  });

  it("has nothing to do in the next preview, and leaves no container when it is destroyed", async () => {
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), []);
    await project.destroy();
    assert.deepEqual(await images.containers(), []);
  });
});
