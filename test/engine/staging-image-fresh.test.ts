import assert from "node:assert/strict";
import { join } from "node:path";
import { checkStagingImageFresh } from "../../index";
import { nameAside } from "../../provider/stage/release";
import { describeWithCompose } from "../support/compose";
import { docker } from "../support/docker";
import { freePort } from "../support/free-port";
import { git } from "../support/git";
import { inOrder } from "../support/in-order";
import { pauseBuilds } from "../support/paused-build";
import { buildWebService, webService } from "../support/web-service";
import { makeStaged, type Changes, type Kind, type Staged } from "./support/staged";

interface Red {
  claim: string;
  answer?: string;
  files?: Record<string, string>;
  changes?: (staged: Staged) => Changes;
  words: RegExp;
  prepare?: (staged: Staged) => Promise<void>;
}

const NOT_STARTED: Red = {
  claim: "the container can't be started",
  files: { Dockerfile: 'FROM debian:bookworm-slim\nCMD ["/there/is/no/such/program"]\n' },
  words:
    /^staging is red \(start\): .*no such (?:program|file).*; nothing was promoted; \S+ runs what it ran before/s,
};

/** What goes wrong before compose has a part in it, or after it, is the same however the container was made. */
const OWN_REDS: Red[] = [
  {
    claim: "the image can't be built",
    files: { Dockerfile: "FROM debian:bookworm-slim\nRUN echo the last words; exit 7\n" },
    words:
      /^staging is red \(build\): .*; nothing was promoted; \S+ was not touched; the end of its output: .*the last words/s,
  },
  {
    claim: "it never gets healthy",
    answer: "503 ill",
    changes: () => ({ staging: { healthTimeout: 8 } }),
    words:
      /\(health\): http:\S+ was not healthy within 8 s: its last answer was HTTP 503; .* runs what it ran before .*the end of its output: listening, to say 503$/s,
  },
  {
    claim: "it exits at once",
    answer: "0 no licence",
    words:
      /\(health\): the container has exited with \d+; .* runs what it ran before .*: refused to start: no licence$/s,
  },
  {
    claim: "the check takes too long",
    answer: "200 fine, slowly",
    changes: () => ({ check: { command: "echo the last words; sleep 60", timeout: 3 } }),
    words: /\(check\): the check took longer than 3 s; .* runs what it ran before .*: the last words$/s,
  },
  {
    claim: "the check fails",
    answer: "200 broken",
    words:
      /\(check\): the check exited with 4; .* runs what it ran before .*the end of its output: x{100,} staging said: broken$/s,
  },
  NOT_STARTED,
  {
    claim: "the container can't be made",
    changes: () => ({ staging: { env: { "": "a variable without a name" } } }),
    words:
      /\(create\): docker container create failed with exit code \d+; .* runs what it ran before .*invalid environment variable/s,
  },
];

const COMPOSE_REDS: Red[] = [
  NOT_STARTED,
  {
    claim: "compose can't make the container",
    prepare: (staged) => staged.compose("    networks: [odd]", "networks: {odd: {driver: there-is-none}}"),
    words:
      /\(create\): docker compose up --no-start failed with exit code \d+; .* runs what it ran before .*there-is-none/s,
  },
];

function outcomes(kind: Kind): void {
  describe(`staging in ${kind}, recreated without Pulumi`, function () {
    this.timeout(600_000);
    const it = inOrder();
    let staged: Staged;
    const ranBefore = async (): Promise<string> => (await staged.container()).id;
    const alone = async (): Promise<void> => assert.equal((await staged.images.containers()).length, 1);

    before(async () => {
      staged = await makeStaged(kind);
    });
    after(() => staged.clean());

    it("is fresh when all is well: HEAD is built, and runs from its image ID", async () => {
      const revision = await staged.commit("200 fine, first");
      const { ok, reason } = await staged.check();
      assert.equal(ok, true, reason);
      const { image, labels } = await staged.container();
      assert.match(
        reason,
        new RegExp(`runs ${image.slice(7, 19)}, .*provenance match: ${revision.slice(0, 12)}`),
      );
      assert.equal(labels["org.opencontainers.image.revision"], revision);
      await staged.says("200 fine, first");
      await alone();
    });

    for (const red of kind === "a service of a compose file" ? COMPOSE_REDS : OWN_REDS) {
      it(`says so when ${red.claim}, and what ran before runs again`, async () => {
        const before = await ranBefore();
        await staged.commit(red.answer ?? "200 fine, next", red.files);
        await red.prepare?.(staged);
        const { ok, reason } = await staged.check(red.changes?.(staged));
        assert.equal(ok, false, reason);
        assert.match(reason, red.words);
        assert.ok((/the end of its output: (.*)$/s.exec(reason)?.[1]?.length ?? 0) <= 200, reason);
        assert.equal(await ranBefore(), before);
        await staged.says("200 fine, first");
        await alone();
        if (kind === "a service of a compose file") await staged.compose();
      });
    }

    it("says so when the port is taken, and what ran before runs again", async () => {
      const before = await ranBefore();
      await staged.commit("200 fine, elsewhere");
      const own = staged.port;
      const port = await freePort();
      const { image } = await staged.container();
      const blocker = await docker(["run", "--detach", "--publish", `${port}:8000`, image]);
      staged.port = port;
      if (kind === "a service of a compose file") await staged.compose();
      const { ok, reason } = await staged.check();
      await docker(["rm", "--force", blocker]);
      staged.port = own;
      if (kind === "a service of a compose file") await staged.compose();
      assert.equal(ok, false, reason);
      assert.match(
        reason,
        /\(start\): .*port is already allocated.*; nothing was promoted; \S+ runs what it ran before/s,
      );
      assert.equal(await ranBefore(), before);
      await staged.says("200 fine, first");
      await alone();
    });

    it("undoes one that was killed before it was judged, and goes through", async () => {
      const before = await ranBefore();
      await staged.commit("200 fine, killed");
      await staged.killedAtItsCheck();
      const now = await ranBefore();
      assert.notEqual(now, before);
      assert.equal(
        await docker(["container", "inspect", "--format", "{{.Id}}", nameAside(staged.name)]),
        before,
      );
      await staged.commit("200 fine, second");
      const { ok, reason } = await staged.check();
      assert.equal(ok, true, reason);
      await staged.says("200 fine, second");
      await alone();
    });

    it("hands over an environment as it is written, and can check inside", async () => {
      const env = { ODD: `two  words "quoted" 'so' $HOME $$ $(id) \${X} \\ end`, LINES: "one\ntwo" };
      const words = `test "$ODD" = "$(cat /odd)" && test "$LINES" = "one
two"`;
      await staged.commit("200 fine, third", {
        odd: env.ODD,
        Dockerfile: `FROM debian:bookworm-slim\nCOPY server.pl answer odd /\nCMD ["perl", "/server.pl"]\n`,
      });
      const { ok, reason } = await staged.check({
        staging: { env },
        check: { command: words, inContainer: true },
      });
      assert.equal(ok, true, reason);
    });
  });
}

describe("staging of an image whose base has the same revision", function () {
  this.timeout(300_000);
  const it = inOrder();
  let staged: Staged;

  /** Another commit of the service, and its revision on the base image, too. */
  async function commitOnBase(answer: string): Promise<void> {
    const base = `${staged.name}:base`;
    const Dockerfile = webService(answer).Dockerfile?.replace("debian:bookworm-slim", base) ?? "";
    const revision = await staged.commit(answer, { Dockerfile });
    const labels = { ...staged.images.labels, "org.opencontainers.image.revision": revision };
    await buildWebService(base, "200 a base", labels);
  }

  before(async () => {
    staged = await makeStaged("a container of its own");
  });
  after(() => staged.clean());

  it("is fresh, for the store has the revision as the image's own", async () => {
    await commitOnBase("200 fine, on a base");
    const { ok, reason } = await staged.check();
    assert.equal(ok, true, reason);
    await staged.says("200 fine, on a base");
  });

  it("is red at the gate where the store no longer has it, and what ran before runs again", async () => {
    const { id } = await staged.container();
    await commitOnBase("200 fine, unknown");
    const command = `rm -r '${staged.options().image.root}'/*`;
    const { ok, reason } = await staged.check({ check: { command } });
    assert.equal(ok, false, reason);
    assert.match(
      reason,
      /^staging is red \(gate\): .*may be inherited and not its own: \S+:base \(.*; nothing was promoted; \S+ runs what it ran before/s,
    );
    assert.equal((await staged.container()).id, id);
    await staged.says("200 fine, on a base");
  });
});

describe("staging of a work tree whose HEAD moves while it is built", function () {
  this.timeout(300_000);

  it("is red before staging is touched, and goes through the next time", async () => {
    const staged = await makeStaged("a container of its own");
    const paused = await pauseBuilds();
    try {
      const Dockerfile = (webService("").Dockerfile ?? "").replace("COPY", `${paused.run}\nCOPY`);
      const first = await staged.commit("200 fine, first", { Dockerfile });
      const tree = join(staged.directory, "app");
      paused.during(() => git(tree, ["commit", "--quiet", "--allow-empty", "--message", "second"]));
      const { ok, reason } = await staged.check();
      const second = await git(tree, ["rev-parse", "HEAD"]);
      assert.equal(ok, false, reason);
      const moved = `HEAD of the work tree ${tree} moved meanwhile (${first.slice(0, 12)} -> ${second.slice(0, 12)})`;
      assert.ok(reason.startsWith("staging is red (build): "), reason);
      assert.ok(reason.includes(`is stamped ${first.slice(0, 12)}, but that is in doubt`), reason);
      assert.ok(reason.includes(moved), reason);
      assert.match(reason, /and try again; nothing was promoted; \S+ was not touched$/);
      assert.deepEqual(await staged.images.containers(), []);
      const again = await staged.check();
      assert.equal(again.ok, true, again.reason);
      const { labels } = await staged.container();
      assert.equal(labels["org.opencontainers.image.revision"], second);
    } finally {
      await paused.close();
      await staged.clean();
    }
  });
});

outcomes("a container of its own");
describeWithCompose("with docker compose:", () => outcomes("a service of a compose file"));

describe("a fresh staging that is not asked for, or can't be", () => {
  const nothing = {
    image: { context: "nowhere", root: "nowhere" },
    staging: { name: "x", port: 0 },
    check: { command: "" },
  };
  const ask = (more: object) =>
    checkStagingImageFresh({ repository: "example/web", worktree: "/nowhere", ...nothing, ...more });

  it("is ok where it is switched off, with a reason of its own", async () => {
    assert.deepEqual(await ask({ rollout: { enabled: false } }), {
      ok: true,
      reason: "image-freshness disabled",
    });
  });
  it("is ok where it does not apply, with a reason of its own", async () => {
    const rollout = { enabled: true, repositories: ["example/other"] };
    const reason = "image-freshness does not apply to example/web";
    assert.deepEqual(await ask({ rollout }), { ok: true, reason });
  });
  it("is not ok where it can't be told whether it is switched on", async () => {
    const { ok, reason } = await ask({ rollout: { enabled: "no" } });
    assert.equal(ok, false);
    assert.match(reason, /rollout\.enabled: expected true or false/);
  });
  it("is not ok without an anchor, and nothing is looked at", async () => {
    const { ok, reason } = await ask({});
    assert.equal(ok, false);
    assert.match(reason, /^no anchor: the work tree \/nowhere has no validated revision/);
    assert.match((await ask({ revision: "" })).reason, /^no anchor: revision is not a validated revision/);
  });
  it("is not ok with options that can't be used, all of them named", async () => {
    const { ok, reason } = await ask({ revision: "a".repeat(40) });
    assert.equal(ok, false);
    for (const property of ["staging.name", "staging.port", "check.command"])
      assert.ok(reason.includes(property), reason);
  });
  it("never throws, whatever it is given", async () => {
    const { ok, reason } = await checkStagingImageFresh(undefined as never);
    assert.equal(ok, false);
    assert.notEqual(reason, "");
  });
  it("refuses production's name and port", async () => {
    const { reason } = await ask({
      revision: "a".repeat(40),
      staging: { name: "web", port: 8500 },
      check: { command: "true" },
      production: { name: "web", port: 8500 },
    });
    assert.match(reason, /staging\.name: web is production's name/);
    assert.match(reason, /staging\.port: 8500 is production's port/);
  });
});
