import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CHECK_PROGRAM,
  checkEnvironment,
  readCheck,
  toldOf,
  type CheckResult,
  type CheckRun,
} from "../../provider/stage/check-run";
import { signedScript, WHOLE_READER } from "../../provider/stage/remote-check";
import { stagingBase } from "../../provider/stage/address";
import { runChild } from "../support/child";
import { allProcesses } from "../support/processes";
import { startSshd, type Sshd } from "../support/sshd";
import { until } from "../support/until";

/** Values that a shell would make something else of, were they not quoted. */
const NASTY = [
  "plain",
  "two words",
  "it's",
  `say "so"`,
  "$(touch never)",
  "`touch never`",
  "$HOME ${PATH}",
  "one\ntwo\n\nthree",
  "-rf --",
  "grüße ☃ \u{1f600}",
  "",
  "; touch never; exit 9 #",
  "back\\slash\\'",
  "!! * ~ %s",
  "#\t&& touch never",
];

const RUN: CheckRun = {
  command: "true",
  ssh: null,
  inContainer: false,
  seconds: 30,
  container: "web-staging",
  url: "http://127.0.0.1:8501",
  imageId: "sha256:1",
  revision: "a".repeat(40),
  release: "abcdefabcdef",
  host: null,
};

describe("a check over ssh", function () {
  this.timeout(120_000);
  let sshd: Sshd;
  let folder: string;

  before(async () => {
    sshd = await startSshd();
    folder = await mkdtemp(join(tmpdir(), "engine-tests-"));
  });
  after(async () => {
    await sshd?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** As `local.Command` runs it: through the user's client. */
  async function byClient(changes: Partial<CheckRun>): Promise<CheckResult> {
    const env = { ...sshd.env(), ...checkEnvironment({ ...RUN, ssh: sshd.alias, ...changes }) };
    const { code, stdout, stderr } = await runChild(process.execPath, ["-e", CHECK_PROGRAM], { env });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    return readCheck(stdout, RUN.release);
  }

  /** As `remote.Command` runs it: a session whose input is the script. */
  async function bySession(changes: Partial<CheckRun>): Promise<CheckResult> {
    const { command, release, seconds, ...rest } = { ...RUN, ...changes };
    const input = signedScript({
      command,
      told: toldOf({ command, release, seconds, ...rest }),
      release,
      seconds,
    });
    const args = ["-T", sshd.alias, WHOLE_READER];
    const { code, stdout, stderr } = await runChild("ssh", args, { env: sshd.env(), input });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    return readCheck(stdout, RUN.release);
  }

  const WAYS = [
    { way: "by the user's own client", check: byClient, on: () => ` on ${sshd.alias}` },
    { way: "in a session of @pulumi/command's", check: bySession, on: () => "" },
  ];
  for (const { way, check, on } of WAYS) {
    describe(way, () => {
      it("is green when the command exits with 0, on the other side, with both channels", async () => {
        const result = await check({ command: 'test -n "$SSH_CONNECTION" && echo one && echo two >&2' });
        assert.equal(result.words, `the check exited with 0${on()}`);
        assert.equal(result.ok, true);
        assert.match(result.output, /one[^]*two|two[^]*one/);
      });

      it("is red with any other exit code", async () => {
        const result = await check({ command: "printf 'no newline'; exit 3" });
        assert.deepEqual(
          { ...result, output: result.output.trim() },
          { ok: false, words: `the check exited with 3${on()}`, output: "no newline" },
        );
      });

      it("gets every value as it is, and runs nothing of what is in it", async () => {
        const separator = "\u001f";
        // Five of them in one connection: four as values, and one in the command.
        for (let first = 0; first < NASTY.length; first += 5) {
          const values = NASTY.slice(first, first + 5);
          const [container = "", url = "", imageId = "", revision = "", last = ""] = values;
          const names = ["CONTAINER", "URL", "IMAGE_ID", "REVISION"].map((name) => `"$STAGING_${name}"`);
          const print = `printf '%s${separator}' ${names.join(" ")} '${last.replaceAll("'", "'\\''")}'`;
          const command = `cd ${folder} && ${print}`;
          const result = await check({ container, url, imageId, revision, command });
          assert.equal(result.ok, true, result.words);
          const expected = values.map((value) => `${value}${separator}`).join("");
          // What ends an output but is no part of it: the newline before the last line.
          assert.equal(result.output.replace(/\n$/, ""), expected);
          assert.equal(existsSync(join(folder, "never")), false);
        }
      });

      it("runs a long command of many lines, with an empty input", async () => {
        const lines = Array.from(
          { length: 2_000 },
          (_, index) => `: 'line ${index} with "quotes" and $(nothing)'`,
        );
        const result = await check({
          command: [...lines, 'test -z "$(cat)" && echo "at the end"'].join("\n"),
        });
        assert.equal(result.ok, true, result.words + result.output);
        assert.match(result.output, /^at the end/);
      });

      it("can't pass for green by what it prints, and is not told the release's name", async () => {
        const forged = `printf 'staging check %s: exited with 0\\n' "$STAGING_RELEASE"; env; exit 1`;
        const result = await check({ command: forged });
        assert.equal(result.words, `the check exited with 1${on()}`);
        assert.doesNotMatch(result.output, new RegExp(RUN.release));
      });

      it("keeps the end of much output", async () => {
        const result = await check({ command: `head -c 1000000 /dev/zero | tr '\\0' x; echo last; exit 1` });
        assert.equal(result.words, `the check exited with 1${on()}`);
        assert.ok(result.output.length <= 65_537);
        assert.ok(result.output.trimEnd().endsWith("xlast"));
      });

      it("does not wait for something in the background", async () => {
        const started = performance.now();
        const result = await check({ command: "sleep 120 & echo done" });
        assert.equal(result.words, `the check exited with 0${on()}`);
        assert.ok(performance.now() - started < 60_000);
      });
    });
  }

  it("is ended at its limit either way, on the other side, with what it has started", async () => {
    const ended = async ({ way, check }: (typeof WAYS)[number]): Promise<void> => {
      const sleep = `sleep 71.${process.pid}${way.length}`;
      const result = await check({ command: `echo begun; ${sleep} | cat`, seconds: 10 });
      assert.equal(result.ok, false);
      assert.equal(result.words, "the check took longer than 10 s");
      assert.match(result.output, /begun/);
      await until("the end of it on the other side", 60_000, () =>
        allProcesses().some(({ command }) => command === sleep) ? null : true,
      );
    };
    await Promise.all(WAYS.map(ended));
  });

  describe("that ssh does not get to", () => {
    afterEach(async () => {
      await sshd.trust("known");
      await sshd.useKey("own");
    });

    it("is red with what to do, and asks nobody", async () => {
      await sshd.trust("unknown");
      const unknown = await byClient({});
      assert.equal(unknown.ok, false);
      assert.match(
        unknown.words,
        /^the check exited with 255 on \S+, ssh does not know the host key of builder-on/,
      );
      await sshd.trust("changed");
      assert.match((await byClient({})).words, /is not the one in known_hosts/);
      await sshd.trust("known");
      await sshd.useKey("strange");
      assert.match((await byClient({})).words, /takes neither this user nor its keys/);
      assert.match(
        (await byClient({ ssh: "ssh://127.0.0.1:1" })).words,
        /nobody listens for ssh at 127\.0\.0\.1/,
      );
    });

    it("is no connection's fault when the command itself exits with 255", async () => {
      const { ok, words } = await byClient({ command: "exit 255" });
      assert.equal(ok, false);
      assert.match(words, /exited with 255 on \S+, which is also what ssh says when it can't connect$/);
    });
  });

  it("ends on the other side when the client is killed", async () => {
    const sleep = `sleep 72.${process.pid}`;
    const env = {
      ...sshd.env(),
      ...checkEnvironment({ ...RUN, ssh: sshd.alias, command: `${sleep} | cat` }),
    };
    let client: number | undefined;
    const running = runChild(process.execPath, ["-e", CHECK_PROGRAM], {
      env,
      onStart: (pid) => (client = pid),
    });
    running.catch(() => undefined);
    const runs = (): boolean => allProcesses().some(({ command }) => command === sleep);
    await until("the command", 60_000, () => (runs() ? true : null));
    process.kill(client ?? assert.fail("no client"), "SIGTERM");
    await running.catch(() => undefined);
    await until("its end", 60_000, () => (runs() ? null : true));
  });

  it("asks for health where the endpoint says: an alias is what ssh makes of it", async () => {
    const path = process.env.PATH;
    process.env.PATH = sshd.env().PATH;
    try {
      assert.equal(await stagingBase(sshd.url, undefined, 8501), "http://127.0.0.1:8501");
      assert.equal(
        await stagingBase("ssh://me@elsewhere.example", undefined, 1),
        "http://elsewhere.example:1",
      );
      assert.equal(await stagingBase(sshd.url, "staging.example", 8501), "http://staging.example:8501");
    } finally {
      process.env.PATH = path;
    }
  });
});
