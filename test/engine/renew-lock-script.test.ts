import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild, type ChildResult } from "../support/child";
import { startPipIndex } from "../support/pip-index";
import { toolsImage } from "./support/base-images";
import { makeBench, type Bench } from "./support/bench";
import { COMMAND, hookEnvironment } from "./support/deploy-hook";

const SCRIPT = join(__dirname, "../../examples/renew-lock/renew-lock.sh");

describe("the script that renews a lock for a pull request", function () {
  this.timeout(300_000);
  let bench: Bench;
  let pip: Awaited<ReturnType<typeof startPipIndex>>;
  let folder: string;
  let [clone, summary] = ["", ""];

  const git = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runChild("git", words, { cwd: clone });
    assert.equal(code, 0, `git ${words.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  const renew = async (...words: string[]): Promise<ChildResult> =>
    runChild(SCRIPT, [bench.name, "--context", bench.context, "--root", bench.root, ...words], {
      cwd: clone,
      env: { ...(await hookEnvironment({})), CI: "true", VERIFIED_IMAGES: COMMAND, SUMMARY: summary },
      timeoutMs: 280_000,
    });
  const pushed = async (): Promise<string> => {
    await git("fetch", "--quiet", "origin");
    return await git("branch", "--remotes", "--format", "%(refname:short)");
  };

  before(async () => {
    const tools = await toolsImage();
    bench = await makeBench();
    folder = await mkdtemp(join(tmpdir(), "verified-images-renew-"));
    [clone, summary] = [folder, join(folder, "summary.md")];
    await git("init", "--quiet", "--bare", "--initial-branch", "main", "origin.git");
    await git("clone", "--quiet", "origin.git", "clone");
    clone = join(folder, "clone");
    await git("config", "user.name", "Tests");
    await git("config", "user.email", "tests@example.invalid");
    await git("commit", "--quiet", "--allow-empty", "--message", "start");
    await git("push", "--quiet", "origin", "HEAD:main");
    pip = await startPipIndex();
    await pip.publish({ name: "own-lib", version: "1.0" });
    await pip.publish({ name: "own-other", version: "1.0" });
    await bench.write(
      "Dockerfile",
      `FROM ${tools}\nRUN /opt/venv/bin/pip install ${pip.sourceLine} own-lib own-other\n`,
    );
  });
  after(async () => {
    await pip?.close();
    await bench?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it("has nothing that shellcheck complains of", async () => {
    const { code, stdout } = await runChild("shellcheck", [SCRIPT]);
    assert.deepEqual([code, stdout], [0, ""]);
  });

  it("pushes the first lock to a branch of its own, and goes back to where it was", async () => {
    const { code, stderr } = await renew();
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`renew-lock: pushed renew/${bench.name}\n$`));
    assert.match(await pushed(), new RegExp(`^origin/renew/${bench.name}$`, "m"));
    assert.equal(await git("branch", "--show-current"), "main");
    assert.equal(await readFile(summary, "utf8"), `The first lock of ${bench.name}.\n`);
    await git("merge", "--quiet", "--ff-only", `origin/renew/${bench.name}`);
  });

  it("pushes nothing where nothing is newer", async () => {
    const there = await git("rev-parse", `origin/renew/${bench.name}`);
    const { code, stderr } = await renew();
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`renew-lock: nothing has changed in ${bench.name}\\.lock\n$`));
    assert.equal(await readFile(summary, "utf8"), "");
    await pushed();
    assert.equal(await git("rev-parse", `origin/renew/${bench.name}`), there);
  });

  it("pushes one commit whose diff is what was renewed, and writes the table for the pull request", async () => {
    await pip.publish({ name: "own-lib", version: "1.1" });
    await pip.publish({ name: "own-other", version: "1.1" });
    const { code, stderr } = await renew("--update", "pip:own-lib");
    assert.equal(code, 0, stderr);
    await pushed();
    const difference = await git("diff", "--unified=0", "main", `origin/renew/${bench.name}`);
    const packages = difference.match(/^[+-] *\{.*"name":"own-[a-z]+"/gm) ?? [];
    assert.deepEqual(
      packages.map((line) => `${line.charAt(0)} ${/own-[a-z]+/.exec(line)?.[0] ?? ""}`),
      ["- own-lib", "+ own-lib"],
    );
    assert.match(await readFile(summary, "utf8"), /\| `pip:own-lib` \| `1\.0` \| `1\.1` \|/);
    assert.equal(await git("rev-list", "--count", `main..origin/renew/${bench.name}`), "1");
  });

  it("refuses to renew a lock with changes that are not committed", async () => {
    const lock = join(clone, `${bench.name}.lock`);
    const text = await readFile(lock, "utf8");
    await runChild("sh", ["-c", `printf x >> '${lock}'`]);
    const { code, stderr } = await renew();
    assert.equal(code, 1);
    assert.match(stderr, /^renew-lock: .*\.lock has changes that are not committed; commit them first\n$/);
    assert.equal(await readFile(lock, "utf8"), `${text}x`);
  });
});
