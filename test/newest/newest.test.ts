import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { npmInstall, strangerEnvironment, inFolder } from "../package/support/npm";
import { itLives } from "../package/support/life";
import { makeStranger, git } from "../package/support/stranger";
import { packTarball, type Tarball } from "../package/support/tarball";
import { allProcesses, descendants } from "../support/processes";
import { ownImages } from "../support/own-images";
import { initProject, type PulumiProject } from "../support/pulumi";
import { until } from "../support/until";

/** Which Node.js to take from the npm package `node`. */
const NODE = process.env.NEWEST_NODE ?? "latest";

const major = (version: string): number => Number(/\d+/.exec(version)?.[0]);

/** Not a part of `npm test`: what it gets changes from day to day. */
describe("the packed package with the newest SDK and Node.js", function () {
  this.timeout(300_000);
  const images = ownImages("stranger-newest");
  let tarball: Tarball;
  let runtime: string;
  let project: PulumiProject;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    tarball = await packTarball();
    runtime = await mkdtemp(join(tmpdir(), "verified-images-node-"));
    await writeFile(join(runtime, "package.json"), JSON.stringify({ private: true }));
    await npmInstall(runtime, [`node@${NODE}`]);
    const own = strangerEnvironment();
    env = { ...own, PATH: [join(runtime, "node_modules/node/bin"), own.PATH].join(delimiter) };
    const directory = await makeStranger({ modules: "commonjs", images, sdk: "latest" });
    project = await initProject(directory, { PATH: env.PATH });
    await npmInstall(directory, [tarball.file], env);
  });
  after(async () => {
    await images.clean();
    project.remove();
    await rm(runtime, { recursive: true, force: true });
    await tarball.remove();
  });

  it("has a newer one of each", async () => {
    const node = (await inFolder(project.directory, "node", ["--version"], env)).trim();
    const file = join(project.directory, "node_modules/@pulumi/pulumi/package.json");
    const sdk = (JSON.parse(await readFile(file, "utf8")) as { version: string }).version;
    const cli = await inFolder(project.directory, "pulumi", ["version"], env);
    console.log(`      Node.js ${node}, SDK ${sdk}, CLI ${cli.trim()}`);
    assert.ok(major(node) > 20, node);
    assert.notEqual(sdk, "3.248.0");
  });

  itLives(() => ({ project, images }));

  it("ends a running build at the first Ctrl-C", async () => {
    const sleep = `sleep 60.${process.pid}`;
    await project.write("app/Dockerfile", `FROM debian:bookworm-slim\nRUN ${sleep}\n`);
    await git(
      project.directory,
      "-c",
      "user.name=Stranger",
      "-c",
      "user.email=stranger@example.com",
      ...SLOW,
    );
    const running = (): unknown => allProcesses().find(({ command }) => command.endsWith(sleep));
    const exit = project.run(["up", "--yes", "--skip-preview"]).catch((error: unknown) => error);
    await until("the build's own process", 60_000, running);
    const cli = descendants().find(({ command }) => / up .*--stack/.test(command));
    assert.ok(cli, "no pulumi up");
    process.kill(cli.pid, "SIGINT");
    const { ms } = await until("the end of the build", 30_000, () => (running() === undefined ? true : null));
    assert.ok(ms < 10_000, `it took ${Math.round(ms)} ms`);
    const result = await exit;
    assert.ok(!(result instanceof Error) && (result as { code: number }).code !== 0, String(result));
    await project.destroy();
  });
});

const SLOW = ["commit", "--quiet", "--all", "--message", "slower"];
