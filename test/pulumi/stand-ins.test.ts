import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { buildTiny, docker } from "../support/docker";
import { inOrder } from "../support/in-order";
import { ownImages, type OwnImages } from "../support/own-images";
import { makeProject, type PulumiProject } from "../support/pulumi";

const BASE = "debian:bookworm-slim";

/** A program with both plugins' SDKs at hand. */
function program(body: string): string {
  return `const docker = require("@pulumi/docker");
const command = require("@pulumi/command");
const pulumi = require("@pulumi/pulumi");
${body}
`;
}

describe("the stand-ins for docker and command", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let images: OwnImages;
  let project: PulumiProject;
  let [first, second] = ["", ""];

  /** A container that sleeps, named after the images, and a command that runs again with each new container. */
  const pair = (image: string, more: object = {}): string => {
    const labels = Object.entries(images.labels).map(([label, value]) => ({ label, value }));
    const container = {
      name: images.name,
      image,
      command: ["sleep", "600"],
      destroyGraceSeconds: 0,
      envs: ["B=2", "A=1"],
      labels,
      ports: [{ internal: 80, ip: "127.0.0.1" }],
      ...more,
    };
    return program(`
const container = new docker.Container("container", ${JSON.stringify(container)});
const greeting = new command.local.Command("greeting", {
  create: "cat; echo $WORD; echo aside >&2",
  environment: { WORD: pulumi.secret("world") },
  stdin: "hello ",
  triggers: [container.id],
});
exports.id = container.id;
exports.ports = container.ports;
exports.stdout = greeting.stdout;
exports.stderr = greeting.stderr;`);
  };
  const status = (): Promise<string> =>
    docker(["container", "inspect", "--format", "{{.State.Status}} {{.Id}}", images.name]);
  const up = async (text: string): Promise<Record<string, unknown>> => {
    await project.write("index.js", text);
    return (await project.up({ skipPreview: true })).outputs;
  };
  const refreshed = async (): Promise<void> => {
    const { code, stdout, stderr } = await project.run(["up", "--yes", "--skip-preview", "--refresh"]);
    assert.equal(code, 0, stdout + stderr);
  };
  const failure = async (text: string): Promise<string> => {
    await project.write("index.js", text);
    const { stdout, stderr } = await project.up({ skipPreview: true, expectFailure: true });
    return stdout + stderr;
  };

  before(async () => {
    images = ownImages("stand-ins");
    const build = (text: string): Promise<string> =>
      buildTiny({ name: `${images.name}:${text}`, from: BASE, labels: images.labels, text });
    first = await build("first");
    second = await build("second");
    project = await makeProject({ name: "stand-ins", program: pair(first), plugins: "stand-in" });
  });
  after(async () => {
    try {
      await project.destroy();
    } finally {
      await images.clean();
      project.remove();
    }
  });

  it("make a real container and run a real command", async () => {
    const { id, stdout, stderr, ports } = await up(pair(first));
    assert.equal(await status(), `running ${String(id)}`);
    assert.deepEqual({ stdout, stderr }, { stdout: "hello world", stderr: "aside" });
    const [{ external } = {}] = ports as { external?: number }[];
    const published = await docker(["port", images.name, "80/tcp"]);
    assert.equal(published, `127.0.0.1:${external}`);
  });

  it("say that they are stand-ins, and that nothing changes while nothing has changed", async () => {
    const preview = await project.preview();
    assert.deepEqual(preview.changes, { same: 3 }, preview.diagnostics);
    for (const name of ["docker", "command"])
      assert.match(preview.diagnostics, new RegExp(`pulumi-resource-${name} is a stand-in`));
  });

  it("keep secret inputs secret; what a command wrote is none, as the real plugin has it", async () => {
    const { resources = [] } = (await project.exportState()).deployment;
    const { outputs = {} } = resources.find(({ urn }) => urn.endsWith("::greeting")) ?? {};
    assert.doesNotMatch(JSON.stringify(outputs.environment), /world/);
    assert.match(JSON.stringify(outputs.environment), /ciphertext/);
    assert.equal(outputs.stdout, "hello world");
  });

  it("replace the container when its image changes, under the same name, and then the command", async () => {
    const [, before] = (await status()).split(" ");
    await project.write("index.js", pair(second));
    const preview = await project.preview();
    const { op, diffReasons } = preview.step("container");
    assert.deepEqual({ op, diffReasons }, { op: "replace", diffReasons: ["image"] });
    assert.equal(preview.step("greeting").op, "replace");
    const { id } = await up(pair(second));
    assert.notEqual(id, before);
    assert.equal(await status(), `running ${String(id)}`);
    assert.equal(await docker(["container", "inspect", "--format", "{{.Image}}", images.name]), second);
  });

  it("make a container anew that is gone, once a refresh has seen it", async () => {
    const before = await status();
    await docker(["rm", "--force", images.name]);
    await project.write("index.js", pair(second, { ports: [] }));
    await refreshed();
    assert.match(await status(), /^running /);
    assert.notEqual(await status(), before);
  });

  it("start a container again that has to run and was stopped, once a refresh has seen it", async () => {
    const running = await status();
    await docker(["stop", "--time", "0", images.name]);
    await refreshed();
    assert.equal(await status(), running);
  });

  it("leave a container alone that is not to be started, also when somebody starts it", async () => {
    // Without a refresh nobody notices that the old one is gone: deleting it has nothing to do.
    await docker(["rm", "--force", images.name]);
    const { id } = await up(pair(first, { start: false, mustRun: false }));
    assert.equal(await status(), `created ${String(id)}`);
    await docker(["start", images.name]);
    await project.refresh();
    assert.deepEqual((await project.preview()).changed(), []);
    assert.equal(await status(), `running ${String(id)}`);
  });

  it("refuse by name what the real plugin does not know, at any depth, and what is missing", async () => {
    const inputs = { imege: "x", ports: [{ internal: "80", extrenal: 1 }] };
    const text = await failure(
      program(
        `new pulumi.CustomResource("docker:index/container:Container", "raw", ${JSON.stringify(inputs)});`,
      ),
    );
    assert.match(text, /imege.* has a problem: the real plugin has no such property: ContainerArgs knows/);
    assert.match(text, /ports\[0\]\.extrenal.* has a problem: the real plugin has no such property/);
    assert.match(text, /ports\[0\]\.internal.* has a problem: expected a number, got a string/);
    assert.match(text, /ContainerArgs requires "image"/);
  });

  it("fail with all that a failing command wrote", async () => {
    const text = await failure(
      program(`new command.local.Command("failing", { create: "echo seen; echo wrong >&2; exit 3" });`),
    );
    assert.match(text, /exit status 3: running "echo seen; echo wrong >&2; exit 3":\s+seen\s+wrong/);
  });

  it("look for the engine where the provider's configuration says", async () => {
    const text = await failure(
      program(`
const provider = new docker.Provider("elsewhere", { host: "tcp://127.0.0.1:1" });
new docker.Container("container", { image: "${BASE}" }, { provider });`),
    );
    assert.match(text, /Unable to create container: .*127\.0\.0\.1:1/);
  });

  it("remove the container and run the command's own removal on destroy", async () => {
    await up(
      `${pair(first)}
new command.local.Command("farewell", { create: "echo made", delete: "echo $PULUMI_COMMAND_STDOUT > farewell" });`,
    );
    assert.match(await status(), /^running /);
    await project.destroy();
    assert.deepEqual(await images.containers(), []);
    assert.equal(await readFile(`${project.directory}/farewell`, "utf8"), "made\n");
  });
});
