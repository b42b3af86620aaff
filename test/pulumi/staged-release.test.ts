import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readHistory } from "../../provider/promote/receipts/read-history";
import { docker, imageExists, imageId, imageLabels } from "../support/docker";
import { freePort } from "../support/free-port";
import { allProcesses } from "../support/processes";
import { commitAll, git } from "../support/git";
import { inOrder } from "../support/in-order";
import { ownImages, type OwnImages } from "../support/own-images";
import { pauseBuilds } from "../support/paused-build";
import { makeProject, type PulumiProject } from "../support/pulumi";
import { until } from "../support/until";
import { ask, CHECK, untilSays, webService } from "../support/web-service";

/** More than a line of the command plugin, or a variable of the environment, can have. */
const LOUD = `node -e 'process.stdout.write("\\u2603".repeat(70000) + "\\n")'; ${CHECK}`;

describe("a staged release", function () {
  this.timeout(1_800_000);
  const it = inOrder();
  let images: OwnImages;
  let project: PulumiProject;
  let staging: string;
  let production: string;
  let port: number;

  const program = (
    changes: { image?: object; staging?: object; check?: object; production?: object; rest?: object } = {},
  ) => {
    const args = {
      repository: "example/web",
      worktree: "app",
      image: { context: "app", root: "store", labels: images.labels, verify: "skip", ...changes.image },
      staging: { name: staging, port, containerPort: 8000, healthTimeout: 60, ...changes.staging },
      check: { command: LOUD, ...changes.check },
      production: {
        targets: [production],
        name: `${images.name}-production`,
        port: 8500,
        ...changes.production,
      },
      ...changes.rest,
    };
    return `const { StagedRelease } = require("pulumi-verified-images");
const release = new StagedRelease("${images.name}", ${JSON.stringify(args)});
exports.imageId = release.imageId;
exports.revision = release.revision;
exports.verdict = release.production.verdict;
exports.url = release.stagingUrl;
`;
  };
  const declare = (changes?: Parameters<typeof program>[0]): Promise<void> =>
    project.write("index.js", program(changes));
  /** Another commit of the service, which answers so. */
  async function commit(answer: string, files: Record<string, string> = {}): Promise<string> {
    for (const [path, text] of Object.entries({ ...webService(answer), ...files })) {
      await project.write(`app/${path}`, text);
    }
    return commitAll(join(project.directory, "app"), answer);
  }
  const container = async (
    name = staging,
  ): Promise<{ id: string; image: string; running: boolean } | null> => {
    const listed = await docker(["ps", "--all", "--no-trunc", "--quiet", "--filter", `name=^/${name}$`]);
    if (listed === "") return null;
    const format = "{{.Id}} {{.Image}} {{.State.Running}}";
    const [id = "", image = "", running] = (
      await docker(["container", "inspect", "--format", format, listed])
    ).split(" ");
    return { id, image, running: running === "true" };
  };
  const says = (): Promise<string> => ask(`http://127.0.0.1:${port}/`).catch(() => "nothing");
  const saysAgain = (text: string): Promise<void> => untilSays(`http://127.0.0.1:${port}/`, text);
  const changed = async (): Promise<string[]> => {
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    return preview.changed();
  };
  const alone = async (): Promise<void> => assert.equal((await images.containers()).length, 1);

  before(async () => {
    images = ownImages("staged");
    staging = `${images.name}-staging`;
    production = `${images.name}:production`;
    port = await freePort();
    project = await makeProject({ name: "staged", program: program(), plugins: "real-or-stand-in" });
  });
  after(async () => {
    await images.clean();
    project.remove();
  });

  it("touches nothing in its preview", async () => {
    await commit("200 fine, first");
    const preview = await project.preview();
    assert.equal(preview.code, 0, preview.diagnostics);
    assert.deepEqual(await images.containers(), []);
    assert.equal(await imageExists(production), false);
  });

  it("builds, tries and promotes one image: stamped with HEAD, running in staging, tagged for production", async () => {
    const revision = await commit("200 fine, first");
    const { outputs } = await project.up({ skipPreview: true });
    assert.equal(outputs.revision, revision);
    assert.equal(outputs.verdict, `provenance match: ${revision.slice(0, 12)}`);
    assert.equal(await imageId(production), outputs.imageId);
    assert.equal((await imageLabels(production))["org.opencontainers.image.revision"], revision);
    const { image, running } = (await container()) ?? assert.fail("no staging container");
    assert.deepEqual({ image, running }, { image: outputs.imageId, running: true });
    assert.equal(await says(), "200 fine, first");
    assert.equal(outputs.url, `http://127.0.0.1:${port}`);
    const { lines, problems } = await readHistory(join(project.directory, "store"));
    assert.deepEqual(problems, []);
    assert.deepEqual(
      lines.map(({ receipt }) => [receipt?.imageId, receipt?.targets]),
      [[outputs.imageId, [production]]],
    );
    await alone();
  });

  it("has nothing to do after a refresh", async () => {
    await project.refresh();
    assert.deepEqual(await changed(), []);
  });

  interface Red {
    claim: string;
    answer: string;
    words: RegExp;
    files?: Record<string, string>;
  }
  const recipe = (...lines: string[]): Record<string, string> => ({
    Dockerfile: ["FROM debian:bookworm-slim", ...lines, ""].join("\n"),
  });
  const REDS: Red[] = [
    {
      claim: "that can't be built",
      answer: "200 fine",
      files: recipe("RUN for i in $(seq 60); do echo word $i.; done; echo last words; exit 3"),
      words: /docker build failed.*last words/s,
    },
    {
      claim: "of which the engine makes no container",
      answer: "200 fine",
      files: recipe("ENTRYPOINT []", "CMD []"),
      words:
        /staging is red \(create\): docker container create failed with exit code \d+; nothing was promoted; \S+ runs what it ran before \(image [0-9a-f]{12}\); the end of its output: .*no command specified/i,
    },
    {
      claim: "that dies at its start",
      answer: "0 no licence",
      words: /staging is red \(health\): the container has exited with \d+.*refused to start: no licence/s,
    },
    {
      claim: "whose check fails",
      answer: "200 broken",
      words:
        /staging is red \(check\): the check exited with 4; nothing was promoted; \S+ runs what it ran before \(image [0-9a-f]{12}\); the end of its output: x{100,} staging said: broken/,
    },
  ];
  for (const { claim, answer, words, files } of REDS) {
    it(`leaves production and staging as they were with a release ${claim}`, async () => {
      const before = await container();
      const promoted = await imageId(production);
      await commit(answer, files);
      const { stdout, stderr } = await project.up({ skipPreview: true, expectFailure: true });
      assert.match(stdout + stderr, words);
      assert.doesNotMatch(stdout + stderr, /word 1\.|the end of its output: .{201}/);
      assert.equal(await imageId(production), promoted);
      assert.deepEqual(await container(), before);
      await saysAgain("200 fine, first");
      await alone();
    });
  }

  it("is tried again by the next update, and is red again", async () => {
    const before = await container();
    await project.up({ skipPreview: true, expectFailure: true });
    assert.deepEqual(await container(), before);
    await saysAgain("200 fine, first");
  });

  it("goes through once it is mended, with what ran before gone", async () => {
    const before = (await container())?.id;
    const revision = await commit("200 fine, second");
    const { outputs } = await project.up({ skipPreview: true });
    assert.equal(outputs.revision, revision);
    assert.equal(await imageId(production), outputs.imageId);
    assert.notEqual((await container())?.id, before);
    assert.equal(await says(), "200 fine, second");
    await alone();
    assert.deepEqual(await changed(), []);
  });

  it("is checked again after an upgrade, whatever an earlier check printed", async () => {
    const { version, deployment } = await project.exportState();
    const { inputs = {}, outputs = {} } =
      deployment.resources?.find(({ type }) => type === "command:local:Command") ?? assert.fail("no check");
    for (const part of [inputs, outputs]) {
      assert.equal(part.addPreviousOutputInEnv, false);
      delete part.addPreviousOutputInEnv;
      part.create = "// the program of an earlier version";
    }
    assert.ok(JSON.stringify(outputs.stdout).length > 131_072, "too little for this to mean anything");
    await project.write("earlier.json", JSON.stringify({ version, deployment }));
    assert.equal((await project.run(["stack", "import", "--file", "earlier.json"])).code, 0);
    await project.up({ skipPreview: true });
    assert.deepEqual(await changed(), []);
  });

  it("is refused where DOCKER_CONTEXT would take the container to another engine", async () => {
    await declare({ image: { host: "unix:///var/run/docker.sock" } });
    const { code, diagnostics } = await project.preview({ DOCKER_CONTEXT: "elsewhere" });
    assert.notEqual(code, 0);
    assert.match(
      diagnostics,
      /image\.host.*the image is at unix:\/\/\/var\/run\/docker\.sock, but @pulumi\/docker would not make the container there: it follows DOCKER_CONTEXT \(elsewhere\).*; unset DOCKER_CONTEXT/,
    );
    await declare();
  });

  it("stays as it was where HEAD moves while the image is built", async () => {
    const before = await container();
    const promoted = await imageId(production);
    const tree = join(project.directory, "app");
    const paused = await pauseBuilds();
    try {
      const first = await commit("200 fine, moved", {
        Dockerfile: (webService("").Dockerfile ?? "").replace("COPY", `${paused.run}\nCOPY`),
      });
      paused.during(() => git(tree, ["commit", "--quiet", "--allow-empty", "--message", "moved"]));
      const { stdout, stderr } = await project.up({ skipPreview: true, expectFailure: true });
      const now = await git(tree, ["rev-parse", "HEAD"]);
      const words = `HEAD of the work tree app moved meanwhile (${first.slice(0, 12)} -> ${now.slice(0, 12)})`;
      assert.ok((stdout + stderr).includes(words), stdout + stderr);
      assert.match(stdout + stderr, /is stamped [0-9a-f]{12}, but that is in doubt, so it goes nowhere/);
      assert.equal(await imageId(production), promoted);
      assert.deepEqual(await container(), before);
      await saysAgain("200 fine, second");
      // The same revision again: what was built in doubt is not taken for it.
      const built = await images.ids();
      await git(tree, ["reset", "--quiet", "--hard", first]);
      const { outputs } = await project.up({ skipPreview: true });
      assert.equal(outputs.revision, first);
      assert.equal(built.includes(String(outputs.imageId)), false, "it was built anew");
      assert.equal(await imageId(production), outputs.imageId);
    } finally {
      await paused.close();
    }
  });

  it("ends its check when the update is ended", async () => {
    const sleep = `sleep 63.${process.pid}`;
    await commit("200 fine, slow");
    await declare({ check: { command: `${sleep} | cat` } });
    const running = (): boolean => allProcesses().some(({ command }) => command === sleep);
    const up = project.start(["up", "--yes", "--skip-preview"]);
    await until("the check", 300_000, () => (running() ? true : null));
    process.kill(up.pid, "SIGINT");
    await until("the end of the check", 60_000, () => (running() ? null : true));
    await up.end;
    await declare({ image: { host: "default" } });
    await project.up({ skipPreview: true });
    assert.equal(await says(), "200 fine, slow");
    await alone();
    await commit("200 fine, second");
    await declare();
    await project.up({ skipPreview: true });
  });

  it("warns of files that HEAD does not have, for the image is stamped with it all the same", async () => {
    await project.write("app/odd.txt", "not committed\n");
    const { diagnostics } = await project.preview();
    await rm(join(project.directory, "app/odd.txt"));
    assert.match(
      diagnostics,
      /warning: the work tree app is not what was committed \(odd\.txt\); what is built from it is stamped [0-9a-f]{12} all the same/,
    );
  });

  it("sees that staging was stopped or replaced, and the next update heals it", async () => {
    const harms: [string, () => Promise<unknown>][] = [
      ["staging stopped: ", () => docker(["stop", staging])],
      [
        "staging replaced: ",
        async () => {
          await docker(["rm", "--force", staging]);
          await docker([
            "run",
            "--detach",
            "--name",
            staging,
            "--publish",
            `${port}:8000`,
            await imageId(production),
          ]);
        },
      ],
    ];
    for (const [words, harm] of harms) {
      await harm();
      const preview = await project.preview();
      assert.match(preview.diagnostics, new RegExp(`drift: ${words}`));
      assert.notDeepEqual(preview.changed(), []);
      await project.up({ skipPreview: true });
      assert.equal(await says(), "200 fine, second");
      await alone();
    }
    assert.deepEqual(await changed(), []);
  });

  it("is made anew with other settings, and the check can run inside", async () => {
    const before = (await container())?.id;
    const check = { inContainer: true, command: 'test "$WORD" = secret && test -n "$STAGING_REVISION"' };
    await declare({ staging: { env: { WORD: "secret" } }, check });
    await project.up({ skipPreview: true });
    assert.notEqual((await container())?.id, before);
  });

  it("refuses production's name and port before anything is touched", async () => {
    const before = await container();
    await declare({ staging: { name: `${images.name}-production`, port: 8500 } });
    const { code, diagnostics } = await project.preview();
    assert.notEqual(code, 0);
    assert.match(diagnostics, /staging\.name: \S+ is production's name/);
    assert.match(diagnostics, /staging\.port: 8500 is production's port/);
    assert.deepEqual(await container(), before);
  });

  it("is refused without a validated revision", async () => {
    await declare({ rest: { worktree: "store" } });
    const preview = await project.preview();
    assert.notEqual(preview.code, 0);
    assert.match(preview.diagnostics, /without a validated revision nothing is built/);
  });

  it("takes staging and its own tag away when it is destroyed", async () => {
    await declare();
    await project.destroy();
    assert.equal(await container(), null);
    assert.deepEqual(await images.containers(), []);
    assert.equal(await imageExists(production), false);
  });
});
