import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { CHECK_PROGRAM, checkEnvironment, readCheck, type CheckRun } from "../../../provider/stage/check-run";
import { asItWas, PRINTABLE_FILTER, PRINTABLE_FUNCTION } from "../../../provider/stage/printed";
import { each } from "../../support/each";
import { runChild } from "../../support/child";
import { allProcesses, descendants } from "../../support/processes";
import { until } from "../../support/until";

const RUN: CheckRun = {
  ...{ command: "true", ssh: null, inContainer: false, seconds: 20, host: null },
  ...{ container: "web-staging", url: "http://127.0.0.1:8501", imageId: "sha256:1" },
  ...{ revision: "a".repeat(40), release: "abcdefabcdef" },
};

const environment = (changes: Partial<CheckRun>, inherited: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  ...inherited,
  ...checkEnvironment({ ...RUN, ...changes }),
});

/** What a check prints when it runs as `@pulumi/command` runs it. */
async function printedBy(env: NodeJS.ProcessEnv): Promise<string> {
  const { code, stdout, stderr } = await runChild(process.execPath, ["-e", CHECK_PROGRAM], { env });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  return stdout;
}
const check = async (changes: Partial<CheckRun>): Promise<ReturnType<typeof readCheck>> =>
  readCheck(await printedBy(environment(changes)), RUN.release);

const isRunning = (sleep: string): boolean => allProcesses().some(({ command }) => command === sleep);

describe("the staging check's program", function () {
  this.timeout(30_000);

  it("is green when the command exits with 0, and keeps what it printed on both channels", async () => {
    const { output, ...result } = await check({ command: "echo one; echo two >&2" });
    assert.deepEqual(result, { ok: true, words: "the check exited with 0" });
    assert.deepEqual(output.trim().split("\n").sort(), ["one", "two"]);
  });

  it("is red when the command exits with anything else, and does not fail itself", async () => {
    const result = await check({ command: "printf 'no newline'; exit 3" });
    assert.deepEqual(result, { ok: false, words: "the check exited with 3", output: "no newline" });
  });

  it("is red when the command ends by a signal", async () => {
    const result = await check({ command: "kill -9 $$" });
    assert.deepEqual(result, { ok: false, words: "the check ended by SIGKILL", output: "" });
  });

  it("is red when the command can't be started", async () => {
    const result = await check({ inContainer: true, container: `no-such-container-${process.pid}` });
    assert.equal(result.ok, false);
    // Without an engine, docker says that instead.
    assert.match(result.output, /No such container|Cannot connect/i);
  });

  it("ends a command that takes too long, with all that it has started", async () => {
    const sleep = `sleep 61.${process.pid}`;
    const result = await check({ command: `echo begun; ${sleep} | cat`, seconds: 8 });
    assert.equal(result.ok, false);
    assert.equal(result.words, "the check took longer than 8 s");
    assert.match(result.output, /begun/);
    // It is told to end, and nobody waits for that.
    await until("the end of what it has started", 10_000, () => !isRunning(sleep) || null);
  });

  each("ends the command, with all that it has started, when it %s", [
    ["is killed", "program"],
    ["loses the process that started it", "parent"],
  ])(async (_, signalled) => {
    const sleep = `sleep 62.${process.pid}`;
    const env = { ...environment({ command: `${sleep} | cat` }), CHECK_PROGRAM };
    // A parent that a signal ends, between the test and the program.
    const command = `"${process.execPath}" -e "$CHECK_PROGRAM"; true`;
    const parent = spawn("sh", ["-c", command], { env, stdio: "ignore" });
    await until("the check's command", 20_000, () => isRunning(sleep) || null);
    const [program] = descendants(parent.pid).filter(({ parent: by }) => by === parent.pid);
    const pid = signalled === "program" ? program?.pid : parent.pid;
    process.kill(pid ?? assert.fail("no program"), "SIGKILL");
    await until("the end of what it has started", 20_000, () => !isRunning(sleep) || null);
  });

  it("tells the command what it is about", async () => {
    const command = 'echo "$STAGING_CONTAINER $STAGING_URL $STAGING_IMAGE_ID $STAGING_REVISION"';
    const { output } = await check({ command });
    assert.equal(output, `web-staging http://127.0.0.1:8501 sha256:1 ${"a".repeat(40)}\n`);
  });
});

describe("the staging check's outcome", function () {
  this.timeout(30_000);
  const signed = `staging check ${RUN.release}: exited with 0`;

  it("is never good when the last line does not say so in the release's name", () => {
    assert.equal(readCheck(`fine\n${signed}\n`, RUN.release).ok, true);
    for (const text of ["", "fine", `${signed}\nmore`, `${signed}0`, "staging check: exited with 0"])
      assert.equal(readCheck(text, RUN.release).ok, false, text);
    assert.equal(readCheck(signed, "111111111111").ok, false);
    assert.equal(readCheck("staging check : exited with 0", "").ok, false);
    assert.equal(readCheck("", RUN.release).words, "nobody knows how the check ended");
  });

  it("can't be forged by what the command prints, and the command is not told the release's name", async () => {
    const forged = `printf 'staging check %s: exited with 0\\n' "$STAGING_RELEASE"; env; exit 1`;
    const result = await check({ command: forged });
    assert.equal(result.words, "the check exited with 1");
    assert.doesNotMatch(result.output, new RegExp(RUN.release));
  });

  it("comes through behind any amount of output, of which the end is kept", async () => {
    const command = `node -e 'process.stdout.write("x".repeat(1e6) + "last")'; exit 1`;
    const result = await check({ command });
    assert.equal(result.words, "the check exited with 1");
    assert.equal(result.output.length, 65_536);
    assert.ok(result.output.endsWith("xlast"));
  });

  it("is printed in lines that are far shorter than 64 KiB, which @pulumi/command never gets over", async () => {
    const stdout = await printedBy(environment({ command: "head -c 200000 /dev/zero | tr '\\0' x" }));
    assert.ok(Math.max(...stdout.split("\n").map(({ length }) => length)) < 20_000);
    assert.equal(readCheck(stdout, RUN.release).output, "x".repeat(65_536));
  });

  it("does not wait for something in the background that holds the channels open", async () => {
    const result = await check({ command: "sleep 600 & echo $!" });
    assert.ok(process.kill(Number(result.output), "SIGKILL"), "it is still there");
    assert.equal(result.words, "the check exited with 0");
  });
});

describe("a check that exited with 255 over ssh", () => {
  const words = (output: string): string =>
    readCheck(`${output}\nstaging check abc: exited with 255 on build`, "abc").words;

  it("is explained by what ssh's client says, and by nothing that the command printed", () => {
    const unheard = words("ssh: connect to host build port 22: Connection refused\r");
    assert.match(unheard, /nobody listens for ssh at build/);
    assert.match(words("me@build: Permission denied (publickey)."), /takes neither this user/);
    assert.match(words("GET http://127.0.0.1:8501: connection refused"), /also what ssh says when it can't/);
  });
});

describe("the staging check's environment", () => {
  it("leaves nothing to what is inherited", async () => {
    const inherited = { STAGING_CHECK_IN: "other", STAGING_CHECK_SSH: "-x", STAGING_CHECK_HOST: "far" };
    const stdout = await printedBy(environment({ command: "echo here" }, inherited));
    const here = { ok: true, words: "the check exited with 0", output: "here\n" };
    assert.deepEqual(readCheck(stdout, RUN.release), here);
  });

  it("names the engine only where it was named", () => {
    assert.equal(checkEnvironment(RUN).STAGING_CHECK_HOST, "");
    assert.equal(checkEnvironment({ ...RUN, host: "other" }).STAGING_CHECK_HOST, "other");
  });

  it("has the container to run in only when the check runs in it", () => {
    assert.equal(checkEnvironment(RUN).STAGING_CHECK_IN, "");
    assert.equal(checkEnvironment({ ...RUN, inContainer: true }).STAGING_CHECK_IN, "web-staging");
  });
});

describe("what a check prints, on its way", function () {
  this.timeout(60_000);
  const PROGRAM = `process.stdout.write((${PRINTABLE_FUNCTION})(require("fs").readFileSync(0, "utf8")))`;
  each("has no long line and nothing that steers a terminal, and is read as it was (%s)", [
    ["the program", process.execPath, "-e", PROGRAM],
    ["the shell script", "sh", "-c", PRINTABLE_FILTER],
  ])(async (_, program, flag, filter) => {
    const text =
      "a\u001b[31m\u0007\rb\u009b\u0085\u202e\u2066\u200b\u2028\u00ad\ufeff\u007f gr\u00fc\u00dfe \u2603 \u{1f600} \\ \ttab\r\n" +
      `${"x".repeat(100_000)}\n${"\u2603\u00e9".repeat(40_000)}\nlast\n`;
    const { stdout } = await runChild(program, [flag, filter], { input: text });
    assert.ok(Math.max(...stdout.split("\n").map((line) => Buffer.byteLength(line))) < 20_000);
    assert.doesNotMatch(stdout, /(?!\n|\t|\r\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/u);
    assert.match(stdout, /^a\\u\{1b\}\[31m\\u\{7\}\\u\{d\}b\\u\{9b\}\\u\{85\}\\u\{202e\}/);
    const ascii = (whole: string): string => whole.split("\n").slice(0, 2).join("\n");
    assert.equal(ascii(asItWas(stdout)), ascii(text));
  });
});
