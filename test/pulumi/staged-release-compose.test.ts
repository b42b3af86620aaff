import assert from "node:assert/strict";
import { join } from "node:path";
import { composeFile, describeWithCompose, removeProject } from "../support/compose";
import { docker, imageExists, imageId } from "../support/docker";
import { freePort } from "../support/free-port";
import { commitAll } from "../support/git";
import { inOrder } from "../support/in-order";
import { ownImages, type OwnImages } from "../support/own-images";
import { makeProject, type PulumiProject } from "../support/pulumi";
import { CHECK, untilSays, webService } from "../support/web-service";

describeWithCompose("a staged release in a service of a compose file", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let images: OwnImages;
  let project: PulumiProject;
  let staging: string;
  let production: string;
  let port: number;

  const program = (compose: object = {}, env: Record<string, string> = {}): string => {
    const args = {
      repository: "example/web",
      worktree: "app",
      image: { context: "app", root: "store", labels: images.labels, verify: "skip" },
      staging: {
        name: staging,
        port,
        healthTimeout: 20,
        env,
        compose: { file: "deploy/compose.yaml", profile: "staging", service: "web", ...compose },
      },
      check: { command: CHECK },
      production: { targets: [production], name: `${images.name}-production`, port: 8500 },
    };
    return `const { StagedRelease } = require("pulumi-verified-images");
const release = new StagedRelease("${images.name}", ${JSON.stringify(args)});
exports.imageId = release.imageId;
`;
  };
  const compose = (more = ""): Promise<void> =>
    project.write("deploy/compose.yaml", composeFile(images.name, port, more));
  async function commit(answer: string, more: Record<string, string> = {}): Promise<void> {
    for (const [path, text] of Object.entries({ ...webService(answer), ...more })) {
      await project.write(`app/${path}`, text);
    }
    await commitAll(join(project.directory, "app"), answer);
  }
  const running = (): Promise<string> =>
    docker(["container", "inspect", "--format", "{{.Id}} {{.Image}} {{.State.Running}}", staging]);
  const says = (text: string): Promise<void> => untilSays(`http://127.0.0.1:${port}/`, text);
  const changed = async (): Promise<string[]> => {
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    return preview.changed();
  };
  const alone = async (): Promise<void> => assert.equal((await images.containers()).length, 1);

  before(async () => {
    images = ownImages("composed");
    staging = `${images.name}-staging`;
    production = `${images.name}:production`;
    port = await freePort();
    project = await makeProject({ name: "composed", program: program(), plugins: "real-or-stand-in" });
    await compose();
  });
  after(async () => {
    await images.clean();
    await removeProject(images.name);
    project.remove();
  });

  it("touches nothing in its preview", async () => {
    await commit("200 fine, first");
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(await images.containers(), []);
  });

  it("runs the image in the service, under the staging name, and promotes it", async () => {
    const { outputs } = await project.up({ skipPreview: true });
    assert.equal(await imageId(production), outputs.imageId);
    assert.match(await running(), new RegExp(`^[0-9a-f]{64} ${String(outputs.imageId)} true$`));
    const label = '{{index .Config.Labels "com.docker.compose.service"}}';
    assert.equal(await docker(["container", "inspect", "--format", label, staging]), "web");
    await says("200 fine, first");
    await alone();
    assert.deepEqual(await changed(), []);
  });

  const REDS = [
    {
      claim: "whose check fails",
      answer: "200 broken",
      words:
        /staging is red \(check\): the check exited with 4; nothing was promoted; .*x{100,} staging said: broken/,
    },
    {
      claim: "that can't be started",
      answer: "200 fine",
      files: { Dockerfile: 'FROM debian:bookworm-slim\nCMD ["/no/program"]\n' },
      words: /staging is red \(start\): .*no such (?:file|program)/s,
    },
    {
      claim: "that compose can't make",
      answer: "200 fine",
      more: "    networks: [odd]\nnetworks: {odd: {driver: there-is-none}}",
      words:
        /staging is red \(create\): docker compose up --no-start failed with exit code \d+; nothing was promoted; .*there-is-none/s,
    },
  ];
  for (const { claim, answer, files, more, words } of REDS) {
    it(`leaves production and staging as they were with a release ${claim}`, async () => {
      const before = await running();
      const promoted = await imageId(production);
      await commit(answer, files);
      await compose(more);
      const { stdout, stderr } = await project.up({ skipPreview: true, expectFailure: true });
      assert.match(stdout + stderr, words);
      assert.doesNotMatch(stdout + stderr, /the end of its output: .{201}/);
      assert.equal(await imageId(production), promoted);
      assert.equal(await running(), before);
      await says("200 fine, first");
      await alone();
    });
  }

  it("goes through once it is mended", async () => {
    await compose();
    await commit("200 fine, second");
    const { outputs } = await project.up({ skipPreview: true });
    assert.equal(await imageId(production), outputs.imageId);
    await says("200 fine, second");
    await alone();
  });

  it("is made anew when the compose file changes, which a preview shows, or another environment is given", async () => {
    const before = await running();
    await compose("    environment: {WORD: 'of the file'}");
    assert.notDeepEqual(await changed(), []);
    const odd = `a "b" 'c' $D $(id)`;
    await project.write("index.js", program({}, { ODD: odd }));
    await project.up({ skipPreview: true });
    assert.notEqual(await running(), before);
    assert.equal(await docker(["exec", staging, "printenv", "WORD"]), "of the file");
    assert.equal(await docker(["exec", staging, "printenv", "ODD"]), odd);
    assert.deepEqual(await changed(), []);
  });

  it("sees that staging is gone, and the next update heals it", async () => {
    await docker(["rm", "--force", staging]);
    const preview = await project.preview();
    assert.match(preview.diagnostics, /drift: staging gone: /);
    await project.up({ skipPreview: true });
    await says("200 fine, second");
  });

  it("is refused in preview with what is wrong with the file", async () => {
    const before = await running();
    await compose(`    container_name: ${images.name}-production`);
    const { code, diagnostics } = await project.preview();
    assert.notEqual(code, 0);
    assert.match(diagnostics, /its container_name is \S+-production, which is production's name/);
    assert.equal(await running(), before);
  });

  it("takes staging and its own tag away when it is destroyed", async () => {
    await project.write("index.js", program());
    await compose();
    await project.destroy();
    assert.deepEqual(await images.containers(), []);
    assert.equal(await imageExists(production), false);
  });
});
