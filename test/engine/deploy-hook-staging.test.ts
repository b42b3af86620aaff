import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import type { ChildOptions, ChildResult } from "../support/child";
import { describeWithCompose } from "../support/compose";
import { docker, imageExists, imageId, imageLabels } from "../support/docker";
import { freePort } from "../support/free-port";
import { commitAll, git } from "../support/git";
import { ownImages } from "../support/own-images";
import { pauseBuilds } from "../support/paused-build";
import { until } from "../support/until";
import { ask, buildWebService, webService } from "../support/web-service";
import { runHook } from "./support/deploy-hook";

const REVISION = "a".repeat(40);

/** A folder's name that runs something, or falls apart, wherever it is not quoted. */
const FOLDER = 'a service\'s "context" $(touch pwned) `touch pwned`\n; touch pwned';

describeWithCompose("the deploy hook builds staging", function (environment) {
  this.timeout(300_000);
  const images = ownImages("hook");
  const image = `${images.name}:staging`;
  const container = `${images.name}-staging`;
  const production = `${images.name}-production`;
  let directory: string;
  let port: number;
  /** What runs in staging, and in production. */
  let good: string;
  let live: string;

  const url = (): string => `http://127.0.0.1:${port}/`;
  const running = (name: string): Promise<string> =>
    docker(["container", "inspect", "--format", "{{.State.Running}} {{.Image}}", name]);

  /** The service's next version. */
  async function write(answer: string, more = ""): Promise<void> {
    for (const [name, text] of Object.entries(webService(answer))) {
      const [[key, value] = []] = Object.entries(images.labels);
      const label = name === "Dockerfile" ? `LABEL ${key}=${value}\n${more}` : "";
      await writeFile(join(directory, FOLDER, name), text + label);
    }
  }

  function build(
    env: Readonly<Record<string, string>> = {},
    options: ChildOptions = {},
  ): Promise<ChildResult> {
    const given = {
      ...environment(),
      GIT_SHA: REVISION,
      BUILD_CONTEXT: FOLDER,
      TARGET_IMAGE: image,
      TARGET_SERVICE: "staging",
      TARGET_PORT: String(port),
      COMPOSE_PROFILE: "staging",
      STAGING_CONTAINER: container,
      HEALTH_TIMEOUT: "30",
      ...env,
    };
    return runHook(directory, given, { words: ["--build-staging"], ...options });
  }

  /** That what ran before runs again, and that production was never touched. */
  async function assertBack(): Promise<void> {
    assert.equal(await imageId(image), good);
    assert.equal(await running(container), `true ${good}`);
    await until("staging to answer", 60_000, async () =>
      (await ask(url()).catch(String)) === "200 first" ? true : null,
    );
    assert.equal(await running(production), `true ${live}`);
    assert.deepEqual((await readdir(directory)).sort(), [FOLDER, ".env", "compose.yaml"].sort());
  }

  async function assertRed(
    result: ChildResult,
    words: RegExp,
    { moved = true }: { moved?: boolean } = {},
  ): Promise<void> {
    assert.deepEqual([result.code, result.stdout], [1, ""], result.stderr);
    assert.match(result.stderr, words);
    if (moved) {
      assert.ok(
        result.stderr.includes(`${container} runs what it ran before (image ${good.slice(7, 19)})`),
        result.stderr,
      );
    }
    assert.doesNotMatch(result.stderr, /ATTENTION|could not be put back/);
    await assertBack();
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "verified-images-hook-"));
    port = await freePort();
    await mkdir(join(directory, FOLDER));
    const compose = {
      name: images.name,
      services: {
        staging: {
          image: "${TARGET_IMAGE}",
          container_name: container,
          profiles: ["staging"],
          ports: [`127.0.0.1:${port}:8000`],
        },
        production: {
          image: `${images.name}:production`,
          container_name: production,
          profiles: ["production"],
        },
      },
    };
    await writeFile(join(directory, "compose.yaml"), JSON.stringify(compose));
    live = await buildWebService(`${images.name}:production`, "200 live", images.labels);
    // The first would start production, too; the second removes it where the project's file does not name its service.
    const env = "COMPOSE_PROFILES=production\nCOMPOSE_REMOVE_ORPHANS=true\n";
    await writeFile(join(directory, ".env"), env);
    const facts = { project: images.name, service: "orphan", "container-number": 1, oneoff: "False" };
    const orphan = Object.entries({ ...facts, "config-hash": "0" }).flatMap(([name, value]) => [
      "--label",
      `com.docker.compose.${name}=${value}`,
    ]);
    await docker(["run", "--detach", "--name", production, ...orphan, live]);
  });
  /** A version that dies at its start, where nothing was before; what of it was there afterwards. */
  let dead: ChildResult & { left: [container: boolean, image: boolean] };
  /** The version that runs when each test begins. */
  let first: ChildResult;
  const writeFirst = (): Promise<void> =>
    write("200 first", `ARG GIT_SHA\nRUN test "$GIT_SHA" = ${REVISION}\n`);
  before(async () => {
    await write("0 out of order");
    const result = await build();
    const isThere = running(container).then(
      () => true,
      () => false,
    );
    dead = { ...result, left: [await isThere, await imageExists(image)] };
    await writeFirst();
    first = await build({
      CHECK_COMMAND:
        'test "$(curl --silent --noproxy "*" "$STAGING_URL/")" = first && test "$STAGING_REVISION" = "$GIT_SHA" && ' +
        'test "$(docker inspect --format "{{.Image}}" "$STAGING_CONTAINER")" = "$STAGING_IMAGE_ID"',
    });
    assert.equal(first.code, 0, first.stderr);
    good = await imageId(image);
  });
  after(async () => {
    await images.clean();
    await docker(["network", "rm", `${images.name}_default`]).catch(() => undefined);
    await rm(directory, { recursive: true });
  });

  it("and leaves nothing where nothing was when the first is red", () => {
    assert.equal(dead.code, 1);
    assert.match(dead.stderr, /staging is red \((?:start|health)\): .*refused to start: out of order/);
    assert.match(dead.stderr, new RegExp(`${container} is down, as it was before`));
    assert.deepEqual(dead.left, [false, false]);
  });

  it("stamped, in a container that runs the very image, healthy and checked", async () => {
    assert.equal(first.stdout, `${container} runs ${good}, built at ${REVISION}, and is well\n`);
    assert.equal((await imageLabels(good))[REVISION_LABEL], REVISION);
    assert.match(
      first.stderr,
      /warning: the build context is no git work tree, so it can't be checked that it is the revision/,
    );
    await assertBack();
  });

  it("again with the same image, when nothing has changed", async () => {
    await writeFirst();
    const { code, stderr } = await build();
    assert.equal(code, 0, stderr);
    await assertBack();
  });

  it("red where the build fails, with the last 200 characters of what it said", async () => {
    await write(
      "200 second",
      'RUN for n in 1 2 3 4 5 6 7 8 9; do echo "line $n of many in a build that fails"; done; exit 7\n',
    );
    const result = await build();
    await assertRed(result, /staging is red \(build\): the build failed; .*exit code: 7/s, { moved: false });
    assert.match(result.stderr, /nothing was promoted; \S+ was not touched/);
    const [, output = ""] = /the end of its output: (.*)/.exec(result.stderr) ?? [];
    assert.ok(output.length > 100 && output.length <= 200, output);
  });

  it("red where it is not healthy in time", async () => {
    await write("500 broken");
    const words =
      /staging is red \(health\): http:\/\/127\.0\.0\.1:\d+\/ was not healthy within 6 s: its last answer was HTTP 500.*the end of its output: listening, to say 500/;
    await assertRed(await build({ HEALTH_TIMEOUT: "6" }), words);
  });

  it("red where another port is meant, whoever answers there", async () => {
    await write("200 second");
    const other = await freePort();
    const result = await build({ TARGET_PORT: String(other), HEALTH_TIMEOUT: "2" });
    const words = `--port: is ${other}, which .*compose.yaml does not publish for staging`;
    await assertRed(result, new RegExp(words), { moved: false });
  });

  it("red where the check fails, or takes too long", async () => {
    await write("200 second");
    await assertRed(
      await build({ CHECK_COMMAND: "echo not 'what' I want; exit 124" }),
      /staging is red \(check\): the check exited with 124; .*; the end of its output: not what I want/,
    );
    await assertRed(
      await build({ CHECK_COMMAND: "trap '' TERM; sleep 60", CHECK_TIMEOUT: "1" }),
      /staging is red \(check\): the check took longer than 1 s/,
    );
  });

  it("red where the check itself moves the name or the container away", async () => {
    const take = `docker rm --force ${container}`;
    await assertRed(
      await build({ CHECK_COMMAND: take }),
      new RegExp(`${container} is no longer the container that was checked`),
    );
  });

  it("red, and does not start what was stopped", async () => {
    await write("200 second");
    await docker(["stop", "--time", "1", container]);
    const { code, stderr } = await build({ CHECK_COMMAND: "exit 3" });
    assert.equal(code, 1);
    assert.doesNotMatch(stderr, /ATTENTION| runs what it ran before/);
    assert.match(stderr, new RegExp(`${container} is stopped, as it was before`));
    assert.equal(await running(container), `false ${good}`);
    await docker(["start", container]);
    await assertBack();
  });

  it("red, and put back, when it is ended in the middle", async () => {
    let pid = 0;
    const marker = join(directory, FOLDER, "checking");
    const end = build(
      { CHECK_COMMAND: `touch "$MARKER"; sleep 120`, MARKER: marker },
      { onStart: (started) => (pid = started) },
    );
    await until("the check", 120_000, async () =>
      (await readdir(join(directory, FOLDER))).includes("checking") ? true : null,
    );
    process.kill(pid, "SIGTERM");
    const { code, stderr } = await end;
    await rm(marker);
    assert.equal(code, 143);
    assert.match(stderr, /interrupted/);
    await assertBack();
  });

  const SETTINGS = [
    "GIT_SHA",
    "BUILD_CONTEXT",
    "TARGET_IMAGE",
    "TARGET_SERVICE",
    "TARGET_PORT",
    "COMPOSE_PROFILE",
    "STAGING_CONTAINER",
  ];
  const all = (value: string): Record<string, string> =>
    Object.fromEntries(SETTINGS.map((name) => [name, value]));
  const REFUSALS: [claim: string, env: Record<string, string>, words: RegExp][] = [
    [
      "without settings, and names all of them",
      all(""),
      new RegExp(`missing or empty: ${SETTINGS.join(", ")} \\(`),
    ],
    [
      "with hostile settings, and names all of them",
      all("$(touch pwned)\n; touch pwned 'x\""),
      /--revision: is no full.*--context: is no directory.*--tag: .* is not an image reference.*--container: expected a container's name.*--port: expected a port number.*--compose-profile: expected the profile.*--compose-service: expected the service/,
    ],
    ["with an odd word about changes", { DIRTY: "" }, /--dirty: expected warn or refuse: /],
    [
      "from no work tree, when changes are to be refused",
      { DIRTY: "refuse" },
      /the build context is no git work tree, .* \(--dirty refuse\)/,
    ],
    [
      "for a service that is not in the profile",
      { COMPOSE_PROFILE: "production" },
      /has no service staging with the profile production/,
    ],
    [
      "for a service with another container, such as production's",
      { STAGING_CONTAINER: production },
      new RegExp(`--container: is ${production}, but .* says container_name ${container}`),
    ],
    [
      "under production's names",
      {
        PRODUCTION_IMAGE: `docker.io/library/${image}`,
        PRODUCTION_SERVICE: "staging",
        PRODUCTION_CONTAINER: container,
      },
      /--container: .* is production's name.*--tag: .* is production's name.*--compose-service: staging is production's service/,
    ],
    [
      "without an engine",
      { DOCKER_HOST: "unix:///nonexistent.sock" },
      /can't tell|Cannot connect|failed to connect|not running/i,
    ],
    ["without compose", { DOCKER_CONFIG: "/nonexistent" }, /docker compose \(v2\) is not there/],
    [
      "without a compose file",
      { COMPOSE_FILE: "nothing.yaml" },
      /docker compose can't use .*nothing\.yaml: there is no such file/,
    ],
  ];
  it(`not ${REFUSALS.map(([claim]) => claim).join("; ")}: nothing is built or touched`, async () => {
    const before = await images.ids();
    for (const [claim, env, words] of REFUSALS) {
      const { code, stdout, stderr } = await build(env);
      assert.deepEqual([code, stdout], [1, ""], `${claim}: ${stderr}`);
      assert.match(stderr, words, claim);
      assert.doesNotMatch(stderr, /ATTENTION|could not be put back/, claim);
    }
    assert.deepEqual(await images.ids(), before);
    await assertBack();
  });

  describe("from a git work tree", () => {
    const work = (): string => join(directory, FOLDER);
    const added = ["new 1", "new-2", "new-3", "new-4", "new-5"];
    let head: string;

    /** Changes one file that is committed, and adds five. */
    async function change(answer: string): Promise<void> {
      await write(answer);
      for (const name of added) await writeFile(join(work(), name), "");
    }

    beforeEach(async () => {
      await write("200 second");
      head = await commitAll(work(), "second");
    });
    afterEach(async () => {
      for (const name of [".git", ...added]) await rm(join(work(), name), { recursive: true, force: true });
    });

    it("not of another revision", async () => {
      const words = `the build context is at ${head.slice(0, 12)}, and not at the revision \\(aaaaaaaaaaaa\\)`;
      await assertRed(await build(), new RegExp(words), { moved: false });
    });

    it("not with changes that are to be refused, of which it names five", async () => {
      await change("200 third");
      const before = await images.ids();
      const words =
        /the build context IS NOT WHAT THE REVISION .* HAS; .*: answer, "new 1", new-2, new-3, new-4 and 1 more \(--dirty refuse\)/;
      await assertRed(await build({ GIT_SHA: head, DIRTY: "refuse" }), words, { moved: false });
      assert.deepEqual(await images.ids(), before, "nothing was built");
    });

    it("not by what another repository says, whatever the environment points at", async () => {
      const other = await mkdtemp(join(tmpdir(), "verified-images-other-"));
      try {
        const theirs = await commitAll(other, "another, and clean");
        const GIT_DIR = join(other, ".git");
        const env = { GIT_DIR, GIT_WORK_TREE: other, GIT_INDEX_FILE: join(GIT_DIR, "index") };
        const words = `the build context is at ${head.slice(0, 12)}, and not at the revision`;
        await assertRed(await build({ ...env, GIT_SHA: theirs }), new RegExp(words), { moved: false });
        await change("200 third");
        const result = await build({ ...env, GIT_SHA: head, DIRTY: "refuse" });
        await assertRed(result, /changed and not committed: answer, /, { moved: false });
      } finally {
        await rm(other, { recursive: true });
      }
    });

    it("not where HEAD moves, or a file changes, while the image is built", async () => {
      const paused = await pauseBuilds();
      try {
        await write("200 third", `${paused.run}\n`);
        head = await commitAll(work(), "third");
        const before = await images.ids();
        const short = head.slice(0, 12);
        paused.during(() => writeFile(join(work(), "answer"), "200 fourth\n"));
        await assertRed(
          await build({ GIT_SHA: head }),
          new RegExp(
            `red \\(build\\): files of the work tree .* changed meanwhile \\("answer"\\), .* ${short} has;`,
          ),
          { moved: false },
        );
        // Another context, or the step that waits is in the cache.
        await write("200 fifth", `${paused.run}\n`);
        head = await commitAll(work(), "fifth");
        paused.during(() => git(work(), ["commit", "--quiet", "--allow-empty", "--message", "sixth"]));
        const result = await build({ GIT_SHA: head });
        await assertRed(
          result,
          new RegExp(`HEAD of the work tree .* moved meanwhile \\(${head.slice(0, 12)} -> `),
          {
            moved: false,
          },
        );
        assert.match(result.stderr, /nothing was promoted; \S+ was not touched/);
        assert.deepEqual(await images.ids(), before, "the image that was built is gone");
      } finally {
        await paused.close();
      }
    });

    it("without a warning where that is clean and at the revision", async () => {
      const { code, stderr } = await build({ GIT_SHA: head, DIRTY: "refuse" });
      assert.equal(code, 0, stderr);
      assert.doesNotMatch(stderr, /warning/);
      good = await imageId(image);
      assert.equal((await imageLabels(good))[REVISION_LABEL], head);
    });

    it("with a warning that names changes", async () => {
      await change("200 third");
      const { code, stderr } = await build({ GIT_SHA: head });
      assert.equal(code, 0, stderr);
      const words = `warning: the build context IS NOT WHAT THE REVISION (${head.slice(0, 12)}) HAS; changed and not committed: answer, `;
      assert.ok(stderr.includes(words), stderr);
      good = await imageId(image);
      assert.equal((await imageLabels(good))[REVISION_LABEL], head);
      assert.equal(await running(container), `true ${good}`);
    });
  });

  describe("and a promotion that restarts a service", () => {
    const promote = (env: Readonly<Record<string, string>>): Promise<ChildResult> =>
      runHook(directory, {
        ...environment(),
        TARGET_IMAGE: image,
        COMPOSE_PROFILE: "staging",
        RESTART_SERVICE: "staging",
        ...env,
      });
    const [candidate, broken] = [`${images.name}:candidate`, `${images.name}:broken`];
    const wanted = { CANDIDATE_IMAGE: candidate, EXPECTED_REVISION: REVISION };
    const notStarted = { CANDIDATE_IMAGE: broken, EXPECTED_REVISION: "b".repeat(40) };
    let id: string;

    before(async () => {
      const labels = { ...images.labels, [REVISION_LABEL]: REVISION };
      id = await buildWebService(candidate, "200 third", labels);
      await docker(["build", "--quiet", "--tag", broken, "-"], {
        input: `FROM ${candidate}\nLABEL ${REVISION_LABEL}=${"b".repeat(40)}\nCMD ["/nowhere"]\n`,
      });
    });
    beforeEach(async () => {
      good = await imageId(image);
    });

    it("has it run what was promoted", async () => {
      const { code, stdout, stderr } = await promote(wanted);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `${image} is ${id}, and staging runs it\n`);
      assert.equal(await running(container), `true ${id}`);
    });

    it("puts name and service back when it does not come up", async () => {
      const { code, stderr } = await promote(notStarted);
      assert.equal(code, 1);
      assert.match(stderr, /put back: .*staging is what it was before/);
      assert.match(stderr, /put back: staging runs [0-9a-f]{12} again/);
      assert.equal(await imageId(image), good);
      assert.equal(await running(container), `true ${good}`);
    });

    it("starts nothing that was stopped when it does not come up, and leaves nothing where nothing was", async () => {
      await docker(["stop", "--time", "1", container]);
      const stopped = await promote(notStarted);
      assert.equal(stopped.code, 1);
      assert.match(stopped.stderr, /put back: staging is one of [0-9a-f]{12} again, and does not run/);
      assert.equal(await running(container), `false ${good}`);

      await docker(["rm", container]);
      const absent = await promote(notStarted);
      assert.equal(absent.code, 1);
      assert.match(absent.stderr, /put back: staging has no container, as before/);
      await assert.rejects(running(container));

      const { code, stderr } = await promote(wanted);
      assert.equal(code, 0, stderr);
      assert.equal(await running(container), `true ${id}`);
    });

    it("moves nothing when the gate says no, or the service is none of the file", async () => {
      const refused = await promote({ ...notStarted, EXPECTED_REVISION: REVISION });
      assert.equal(refused.code, 1);
      const unknown = await promote({ ...wanted, RESTART_SERVICE: "nobody" });
      assert.equal(unknown.code, 1);
      assert.match(unknown.stderr, /the compose file has no service nobody/);
      assert.equal(await imageId(image), good);
      assert.equal(await running(container), `true ${good}`);
    });
  });
});
