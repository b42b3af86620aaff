import { id } from "../unit/store/scratch";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dockerEngine } from "../../provider/engines/docker/engine";
import { EngineUnreachableError } from "../../provider/engines/errors";
import { imageRevision } from "../../provider/build/functions/revisions";
import { untagOwn } from "../../provider/promote/apply/places";
import { freePort } from "../support/free-port";
import { tagAll } from "../support/tag-all";
import { REVISION_LABEL } from "../../provider/base/revision/verdict";
import { runChild } from "../support/child";
import { allProcesses } from "../support/processes";
import { buildTiny, docker, DOCKER_ENV, dockerProgram, imageExists, imageId } from "../support/docker";
import { ownImages } from "../support/own-images";
import { startSshd, type Sshd, type SshdOptions } from "../support/sshd";
import { until } from "../support/until";
import { shellImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";

const REVISION = "c3".repeat(20);
const PATH = process.env.PATH;

/** A server whose client comes first on this process's PATH. */
async function arrive(options?: SshdOptions): Promise<Sshd> {
  const sshd = await startSshd(options);
  process.env.PATH = sshd.env().PATH;
  return sshd;
}
const leave = async (sshd: Sshd | undefined): Promise<void> => {
  process.env.PATH = PATH;
  await sshd?.close();
};

describe("an engine over ssh", function () {
  this.timeout(180_000);
  const images = ownImages("over-ssh");
  const at = (tag: string): string => `${images.name}:${tag}`;
  let sshd: Sshd;

  before(async () => {
    sshd = await arrive();
  });
  after(async () => {
    await leave(sshd);
    await images.clean();
  });

  it("is the same engine as without ssh", async () => {
    const [here, there] = await Promise.all([
      dockerEngine(undefined, 30_000).identity(),
      dockerEngine(sshd.url, 30_000).identity(),
    ]);
    assert.deepEqual(there, here);
    const direct = `ssh://${sshd.user}@127.0.0.1:${sshd.port}`;
    assert.equal((await dockerEngine(direct, 30_000).identity()).id, here.id);
  });

  it("tells what is there and what is surely not, and an image's revision", async () => {
    const engine = dockerEngine(sshd.url, 30_000);
    const id = await buildTiny({ name: at("one"), labels: { ...images.labels, [REVISION_LABEL]: REVISION } });
    const found = await engine.inspect([at("one"), at("nothing"), id, `sha256:${"0".repeat(64)}`]);
    assert.deepEqual(
      [...found.values()].map((facts) => facts?.id ?? null),
      [id, null, id, null],
    );
    assert.equal(await imageRevision(at("one"), { host: sshd.url }), REVISION);
  });

  it("tags by image ID, and takes only its own tags away", async () => {
    const engine = dockerEngine(sshd.url, 30_000);
    const id = await buildTiny({ name: at("two"), labels: images.labels });
    const facts = (await engine.inspect([id])).get(id) ?? assert.fail("no image");
    assert.deepEqual(await tagAll(engine, facts, [at("live"), at("two")]), {
      [at("live")]: null,
      [at("two")]: id,
    });
    assert.equal(await imageId(at("live")), id);
    assert.deepEqual(await untagOwn(engine, id, [at("live")]), []);
    assert.equal(await imageExists(at("live")), false);
  });

  // By ssh:// it is test/pulumi/over-ssh.test.ts.
  describe("through a context of the docker client", () => {
    let bench: Bench;
    let config: string;
    const context = `far-${randomBytes(4).toString("hex")}`;
    const configured = process.env.DOCKER_CONFIG;

    before(async () => {
      bench = await makeBench();
      config = await mkdtemp(join(tmpdir(), "engine-tests-"));
      // The plugins of an engine of its own are in its own configuration.
      if (configured !== undefined)
        await symlink(join(configured, "cli-plugins"), join(config, "cli-plugins"));
      await docker(["--config", config, "context", "create", context, "--docker", `host=${sshd.url}`]);
      process.env.DOCKER_CONFIG = config;
      process.env.OVER_SSH_TOKEN = "twelve bytes";
      await bench.write("text", "hello\n");
      await bench.write(
        "Dockerfile",
        `FROM ${await shellImage()}
ARG WORD
RUN --mount=type=secret,id=token,required wc -c < /run/secrets/token > /seen && echo "$WORD" >> /seen
COPY text /text
`,
      );
    });
    after(async () => {
      if (configured === undefined) delete process.env.DOCKER_CONFIG;
      else process.env.DOCKER_CONFIG = configured;
      delete process.env.OVER_SSH_TOKEN;
      await bench?.dispose();
      await rm(config, { recursive: true, force: true });
    });

    it("builds, captures, rebuilds from the lock and compares, with secret, argument and revision", async () => {
      const inputs = {
        host: context,
        revision: REVISION,
        buildArgs: { WORD: "a 'b' $(c)" },
        labels: { quoted: `it's "so"` },
        secrets: { token: { env: "OVER_SSH_TOKEN" } },
      };
      const outcome = await bench.build(inputs);
      assert.equal(outcome.verified, "verified", outcome.reason ?? "");
      assert.deepEqual(outcome.packages, { dpkg: 3 });
      const format = `{{index .Config.Labels "${REVISION_LABEL}"}} {{.Config.Labels.quoted}}`;
      assert.equal(
        await docker(["image", "inspect", "--format", format, outcome.imageId]),
        `${REVISION} it's "so"`,
      );
      const seen = await docker(["run", "--rm", "--network", "none", outcome.imageId, "cat", "/seen"]);
      assert.equal(seen, "12\na 'b' $(c)");
      const history = await docker(["image", "history", "--no-trunc", outcome.imageId]);
      assert.doesNotMatch(history, /verified_images|VERIFIED_IMAGES/);
      assert.deepEqual((await bench.build(inputs)).steps, [], "nothing to do the second time");
    });

    it("names the context where the host key is unknown", async () => {
      await sshd.trust("unknown");
      await assert.rejects(dockerEngine(context, 30_000).identity(), {
        message: `Docker is not reachable at ${context}: ssh does not know the host key of ${sshd.alias}; connect once by hand (ssh ${sshd.alias}) and check it, or add it to known_hosts`,
      });
      await sshd.trust("known");
    });
  });
});

describe("an engine that ssh does not get to", function () {
  this.timeout(120_000);
  let sshd: Sshd;
  afterEach(() => leave(sshd));

  /** Every question is "can't tell", in one line that says so. */
  async function lost(host: string, words: RegExp, inspectMs = 20_000): Promise<void> {
    const engine = dockerEngine(host, inspectMs);
    const questions = [engine.identity(), engine.inspect(["scratch:x"]), engine.tag(id("a"), "b:c")];
    for (const answer of await Promise.allSettled(questions)) {
      assert.equal(answer.status, "rejected");
      const error: unknown = answer.reason;
      assert.ok(error instanceof EngineUnreachableError, String(error));
      assert.ok(error.message.startsWith(`Docker is not reachable at ${host}: `), error.message);
      assert.match(error.message, words);
      assert.doesNotMatch(error.message, /[\r\n]/);
    }
  }

  it("is lost with an unknown host key", async () => {
    sshd = await arrive();
    await sshd.trust("unknown");
    await lost(
      sshd.url,
      /ssh does not know the host key of \S+; connect once by hand \(ssh \S+\) and check it/,
    );
  });

  it("is lost with a changed host key, which is not called unknown", async () => {
    sshd = await arrive();
    await sshd.trust("changed");
    await lost(sshd.url, /the host key of \S+ is not the one in known_hosts/);
  });

  it("is lost with a key or user that the other side does not take", async () => {
    sshd = await arrive();
    await lost(
      `ssh://no-such-user@127.0.0.1:${sshd.port}`,
      /127\.0\.0\.1 takes neither this user nor its keys/,
    );
    await sshd.useKey("strange");
    await lost(sshd.url, /takes neither this user nor its keys/);
  });

  it("is lost where nobody listens, and where there is no such host", async () => {
    sshd = await arrive();
    await lost(`ssh://127.0.0.1:${await freePort()}`, /nobody listens for ssh at 127\.0\.0\.1/);
    await lost("ssh://no-such-host.invalid", /there is no host called no-such-host\.invalid/);
  });

  it("is lost where there is no docker, where its user may not use it, and where it does not run", async () => {
    sshd = await arrive({ path: "/nonexistent" });
    await lost(sshd.url, /there is no docker on \S+/);
    await leave(sshd);
    const dial = `${await dockerProgram()} system dial-stdio`;
    const nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";
    sshd = await arrive({ forceCommand: `${nobody} ${dial}` });
    await lost(
      sshd.url,
      /ssh gets to \S+, but no Docker answers there; start it, or add the user to the group/,
    );
    await leave(sshd);
    sshd = await arrive({ forceCommand: `DOCKER_HOST=unix:///nonexistent.sock ${dial}` });
    await lost(sshd.url, /ssh gets to \S+, but no Docker answers there/);
  });

  it("is given up after the limit where nobody speaks, and leaves no ssh behind", async () => {
    sshd = await arrive();
    const silent: Server = createServer(() => undefined);
    const port = await new Promise<number>((resolve) => {
      silent.listen(0, "127.0.0.1", () => resolve((silent.address() as { port: number }).port));
    });
    try {
      const engine = dockerEngine(`ssh://127.0.0.1:${port}`, 2_000);
      for (const question of [() => engine.identity(), () => engine.inspect(["scratch:x"])]) {
        const started = performance.now();
        await assert.rejects(question(), /did not answer within 2 s.*`timeouts\.inspect`/);
        assert.ok(performance.now() - started < 60_000);
      }
      await until("the end of every ssh to it", 60_000, () =>
        allProcesses().some(({ command }) => command.includes("ssh") && command.includes(`-p ${port}`))
          ? null
          : true,
      );
    } finally {
      silent.close();
    }
  });

  it("asks nobody anything, where there is a terminal to ask at and a window", async () => {
    sshd = await arrive();
    await sshd.trust("unknown");
    const program = `
      const { dockerEngine } = require(${JSON.stringify(join(__dirname, "../../dist/provider/engines/docker/engine.js"))});
      dockerEngine(${JSON.stringify(sshd.url)}, 20000).identity().catch((error) => console.log("[" + error.message + "]"));`;
    const command = `${process.execPath} -e '${program.replaceAll("\n", " ")}'`;
    const env = {
      ...DOCKER_ENV,
      ...sshd.env(),
      DISPLAY: ":99",
      SSH_ASKPASS: "/bin/echo",
      SSH_ASKPASS_REQUIRE: "force",
    };
    const asked = { timeoutMs: 60_000, cwd: join(__dirname, "../.."), env };
    const { stdout } = await runChild(
      "script",
      ["--quiet", "--return", "--command", command, "/dev/null"],
      asked,
    );
    assert.match(stdout, /\[Docker is not reachable at .*: ssh does not know the host key/);
    assert.doesNotMatch(stdout, /authenticity|yes\/no/);
    // The same connection does ask where nothing keeps it from that, and it is in the terminal's foreground: a shell
    // that forks for its last command would have `timeout` put it into a group of its own.
    const bare = `timeout --foreground 10 ssh -- ${sshd.alias} true`;
    const plain = { ...asked, env: { ...sshd.env(), SSH_ASKPASS_REQUIRE: "never" } };
    assert.match(
      (await runChild("script", ["--quiet", "--command", bare, "/dev/null"], plain)).stdout,
      /authenticity/,
    );
  });
});
