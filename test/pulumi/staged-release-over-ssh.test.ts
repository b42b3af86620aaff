import assert from "node:assert/strict";
import { join } from "node:path";
import { docker, imageExists, imageId } from "../support/docker";
import { freePort } from "../support/free-port";
import { commitAll } from "../support/git";
import { inOrder } from "../support/in-order";
import { ownImages, type OwnImages } from "../support/own-images";
import { makeProject, type PulumiProject } from "../support/pulumi";
import { startSshd, type Sshd } from "../support/sshd";
import { ask, untilSays, webService } from "../support/web-service";

const PATH = process.env.PATH;

/** Runs on the other side, in a shell; a name with everything in it that a shell could take for its own. */
const CHECK = `test -n "$SSH_CONNECTION" || exit 9
said=$(node -e 'fetch(process.env.STAGING_URL).then((answer) => answer.text()).then(console.log)')
printf '%s\\n' "it's \\$(not) run: $said"
case $said in *fine*) exit 0;; *) exit 4;; esac`;

describe("a staged release on another host", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let sshd: Sshd;
  let images: OwnImages;
  let project: PulumiProject;
  let staging: string;
  let production: string;
  let port: number;

  const declare = (check: object): Promise<void> => {
    const args = {
      repository: "example/web",
      worktree: "app",
      image: { context: "app", root: "store", labels: images.labels, verify: "skip", host: sshd.url },
      staging: {
        name: staging,
        port,
        containerPort: 8000,
        healthTimeout: 60,
        env: { ODD: `it's $(odd) "so"` },
      },
      check: { command: CHECK, timeout: 60, ...check },
      production: { targets: [production] },
    };
    return project.write(
      "index.js",
      `const { StagedRelease } = require("pulumi-verified-images");
const release = new StagedRelease("${images.name}", ${JSON.stringify(args)});
exports.imageId = release.imageId;
exports.url = release.stagingUrl;
`,
    );
  };
  async function commit(answer: string): Promise<string> {
    for (const [path, text] of Object.entries(webService(answer))) await project.write(`app/${path}`, text);
    return commitAll(join(project.directory, "app"), answer);
  }
  const says = (): Promise<string> => ask(`http://127.0.0.1:${port}/`).catch(() => "nothing");
  const saysAgain = (text: string): Promise<void> => untilSays(`http://127.0.0.1:${port}/`, text);
  const connection = (hostKey: string): object => ({
    ssh: {
      host: "127.0.0.1",
      port: sshd.port,
      user: sshd.user,
      privateKey: sshd.privateKey,
      hostKey,
      dialErrorLimit: 1,
    },
  });

  before(async () => {
    sshd = await startSshd({ share: true });
    process.env.PATH = sshd.env().PATH;
    images = ownImages("far-staged");
    staging = `${images.name}-staging`;
    production = `${images.name}:production`;
    port = await freePort();
    project = await makeProject({ name: "far-staged", program: "", plugins: "real-or-stand-in" });
  });
  after(async () => {
    process.env.PATH = PATH;
    await images?.clean();
    project?.remove();
    await sshd?.close();
  });

  it("is built, tried, checked and promoted there, over ssh", async () => {
    await commit("200 fine, first");
    await declare({ ssh: sshd.alias });
    const { outputs } = await project.up({ skipPreview: true });
    assert.equal(await imageId(production), outputs.imageId);
    assert.equal(outputs.url, `http://127.0.0.1:${port}`);
    assert.equal(await says(), "200 fine, first");
    const env = await docker(["container", "inspect", "--format", "{{json .Config.Env}}", staging]);
    assert.ok((JSON.parse(env) as string[]).includes(`ODD=it's $(odd) "so"`));
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(preview.changed(), []);
  });

  it("goes back to what ran before when its check fails over ssh", async () => {
    const promoted = await imageId(production);
    await commit("200 broken");
    const { stdout, stderr } = await project.up({ skipPreview: true, expectFailure: true });
    assert.match(
      stdout + stderr,
      /staging is red \(check\): the check exited with 4 on \S+; nothing was promoted; \S+ runs what it ran before .*; the end of its output: it's \$\(not\) run: broken/,
    );
    assert.equal(await imageId(production), promoted);
    await saysAgain("200 fine, first");
  });

  it("is checked over a connection of @pulumi/command, whose key is in no output", async () => {
    await commit("200 fine, second");
    await declare(connection(sshd.hostKey));
    const { outputs, stdout, stderr } = await project.up({ skipPreview: true });
    assert.equal(await imageId(production), outputs.imageId);
    assert.equal(await says(), "200 fine, second");
    const line = sshd.privateKey.split("\n")[1] ?? assert.fail("no key");
    const state = JSON.stringify(await project.exportState());
    assert.ok(![state, stdout, stderr].some((text) => text.includes(line)));
    assert.match(state, /command:remote:Command/);
    assert.deepEqual((await project.preview()).changed(), []);
  });

  it("is red over that connection too, and goes back", async () => {
    const promoted = await imageId(production);
    await commit("200 broken again");
    const { stdout, stderr } = await project.up({ skipPreview: true, expectFailure: true });
    assert.match(stdout + stderr, /staging is red \(check\): the check exited with 4; nothing was promoted/);
    assert.equal(await imageId(production), promoted);
    await saysAgain("200 fine, second");
  });

  it("touches nothing where that connection meets another host key", async () => {
    const other = await startSshd();
    const hostKey = other.hostKey;
    await other.close();
    const id = await docker(["container", "inspect", "--format", "{{.Id}}", staging]);
    await commit("200 fine, third");
    await declare(connection(hostKey));
    await project.up({ skipPreview: true, expectFailure: true });
    assert.equal(await docker(["container", "inspect", "--format", "{{.Id}}", staging]), id);
    assert.equal(await says(), "200 fine, second");
  });

  it("refuses a password before anything is touched, and prints it nowhere", async () => {
    await declare({ ssh: "me:hunter2@127.0.0.1" });
    const { code, stdout, stderr } = await project.run(["preview"]);
    assert.notEqual(code, 0);
    assert.match(stdout + stderr, /check\.ssh.* password/);
    assert.doesNotMatch(stdout + stderr, /hunter2/);
  });

  it("is taken away over ssh", async () => {
    await declare({ ssh: sshd.alias });
    await project.destroy();
    assert.deepEqual(await images.containers(), []);
    assert.equal(await imageExists(production), false);
  });
});
