import assert from "node:assert/strict";
import { join } from "node:path";
import { composeFile, describeWithCompose, removeProject } from "../support/compose";
import { docker, imageExists, imageId } from "../support/docker";
import { freePort } from "../support/free-port";
import { commitAll } from "../support/git";
import { inOrder } from "../support/in-order";
import { ownImages, type OwnImages } from "../support/own-images";
import { makeProject, type PulumiProject } from "../support/pulumi";
import { startSshd, type Sshd } from "../support/sshd";
import { untilSays, webService } from "../support/web-service";

const PATH = process.env.PATH;

/** Good is a staging that says fine. */
const CHECK = `node -e '
fetch(process.env.STAGING_URL).then((answer) => answer.text()).then((text) => {
  console.log("staging said: " + text);
  process.exitCode = text.includes("fine") ? 0 : 4;
});'`;

describeWithCompose("a staged release in a service of a compose file, on another host", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let sshd: Sshd;
  let images: OwnImages;
  let project: PulumiProject;
  let staging: string;
  let production: string;
  let port: number;

  async function commit(answer: string): Promise<void> {
    for (const [path, text] of Object.entries(webService(answer))) await project.write(`app/${path}`, text);
    await commitAll(join(project.directory, "app"), answer);
  }
  const running = (): Promise<string> =>
    docker(["container", "inspect", "--format", "{{.Id}} {{.Image}} {{.State.Running}}", staging]);
  const says = (text: string): Promise<void> => untilSays(`http://127.0.0.1:${port}/`, text);

  before(async () => {
    sshd = await startSshd({ share: true });
    process.env.PATH = sshd.env().PATH;
    images = ownImages("far-composed");
    staging = `${images.name}-staging`;
    production = `${images.name}:production`;
    port = await freePort();
    const args = {
      repository: "example/web",
      worktree: "app",
      image: { context: "app", root: "store", labels: images.labels, verify: "skip", host: sshd.url },
      staging: {
        name: staging,
        port,
        healthTimeout: 60,
        compose: { file: "deploy/compose.yaml", profile: "staging", service: "web" },
      },
      check: { command: CHECK, ssh: sshd.alias },
      production: { targets: [production] },
    };
    project = await makeProject({
      name: "far-composed",
      program: `const { StagedRelease } = require("pulumi-verified-images");
const release = new StagedRelease("${images.name}", ${JSON.stringify(args)});
exports.imageId = release.imageId;
`,
      plugins: "real-or-stand-in",
    });
    await project.write(
      "deploy/compose.yaml",
      composeFile(images.name, port, "    environment: {WORD: 'of the file'}"),
    );
  });
  after(async () => {
    process.env.PATH = PATH;
    await images?.clean();
    if (images !== undefined) await removeProject(images.name);
    project?.remove();
    await sshd?.close();
  });

  it("runs the image in the service there, and promotes it", async () => {
    await commit("200 fine, first");
    const sessions = sshd.log().length;
    const { outputs } = await project.up({ skipPreview: true });
    assert.ok(sshd.log().length > sessions, "nobody came by ssh");
    assert.equal(await imageId(production), outputs.imageId);
    assert.match(await running(), new RegExp(`^[0-9a-f]{64} ${String(outputs.imageId)} true$`));
    const label = '{{index .Config.Labels "com.docker.compose.service"}}';
    assert.equal(await docker(["container", "inspect", "--format", label, staging]), "web");
    assert.equal(await docker(["exec", staging, "printenv", "WORD"]), "of the file");
    await says("200 fine, first");
  });

  it("goes back to what ran before there, and promotes nothing, with a release whose check fails", async () => {
    const before = await running();
    const promoted = await imageId(production);
    await commit("200 broken");
    const { stdout, stderr } = await project.up({ skipPreview: true, expectFailure: true });
    assert.match(
      stdout + stderr,
      /staging is red \(check\): the check exited with 4 on \S+; nothing was promoted; \S+ runs what it ran before \(image [0-9a-f]{12}\); the end of its output: staging said: broken/,
    );
    assert.equal(await imageId(production), promoted);
    assert.equal(await running(), before);
    await says("200 fine, first");
    assert.equal((await images.containers()).length, 1);
  });

  it("is taken away over ssh", async () => {
    await project.destroy();
    assert.deepEqual(await images.containers(), []);
    assert.equal(await imageExists(production), false);
  });
});
