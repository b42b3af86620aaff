import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildResult } from "../support/child";
import { buildTiny } from "../support/docker";
import { commitAll, git } from "../support/git";
import { ownImages } from "../support/own-images";
import { at, putBuild } from "../unit/store/scratch";
import { command } from "./support/command";

const LABEL = "org.opencontainers.image.revision";

describe("verified-images gate with a work tree", function () {
  this.timeout(120_000);
  const images = ownImages("gate-command");
  const image = `${images.name}:next`;
  let directory: string;
  let head: string;

  const gate = (...words: string[]): Promise<ChildResult> =>
    command(directory, ["gate", image, "--expected-revision", head, ...words]);
  const refusal = async (words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await gate(...words);
    assert.equal(code, 1);
    return stdout + stderr;
  };

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "gate-command-"));
    await writeFile(join(directory, "file"), randomBytes(8));
    await commitAll(directory, "first");
    await git(directory, ["branch", "release"]);
    head = await commitAll(directory, "second");
    await buildTiny({ name: image, labels: { ...images.labels, [LABEL]: head } });
  });
  after(async () => {
    await images.clean();
    await rm(directory, { recursive: true, force: true });
  });

  it("says yes to a commit of the work tree, on its branch", async () => {
    const { code, stdout } = await gate("--worktree", ".", "--branch", "main", "--dirty", "refuse");
    const short = head.slice(0, 12);
    assert.equal(code, 0);
    assert.equal(
      stdout,
      `provenance match: ${short}\n${short} is a commit in ${directory}\n${short} is on the branch main\n` +
        `the work tree ${directory} is clean\n`,
    );
  });

  it("says no to one of another branch, of no branch, or of no work tree", async () => {
    assert.match(
      await refusal(["--worktree", ".", "--branch", "release"]),
      /is not on the branch release of/,
    );
    assert.match(
      await refusal(["--worktree", ".", "--branch", "origin/main"]),
      /there is no branch origin\/main/,
    );
    assert.match(await refusal(["--worktree", "nowhere"]), /there is no such directory/);
    assert.match(
      await refusal(["--worktree", ".", "--timeout", "git=0.001"]),
      /within 0\.001 s \(timeouts\.git\)/,
    );
  });

  it("warns of a dirty work tree, or refuses it, and tells programs by clause", async () => {
    const stray = join(directory, "stray");
    await writeFile(stray, "");
    const { code, stdout } = await gate("--worktree", ".");
    assert.equal(code, 0);
    assert.match(stdout, /^warning: the work tree .* is not what was committed \(stray\)$/m);
    assert.match(
      await refusal(["--worktree", ".", "--dirty", "refuse"]),
      /\(stray\); commit, stash or ignore/,
    );
    const { clauses } = JSON.parse((await gate("--worktree", ".", "--json")).stdout) as {
      clauses: { property: string; ok: boolean; warning?: boolean }[];
    };
    assert.deepEqual(
      clauses.map(({ property, ok, warning }) => [property, ok, warning ?? false]),
      [
        ["expectedRevision", true, false],
        ["source", true, false],
        ["commit", true, false],
        ["commit.dirty", true, true],
      ],
    );
    await rm(stray);
  });

  it("says no to flags that ask for something else than they seem to", async () => {
    assert.match(await refusal(["--branch", "main"]), /commit\.worktree: expected a path/);
    assert.match(
      await refusal(["--worktree", ".", "--branch=--all"]),
      /commit\.branch: is no name of a branch/,
    );
    assert.match(
      await refusal(["--worktree", ".", "--dirty", "ignore"]),
      /commit\.dirty: expected warn or refuse/,
    );
    assert.match(await refusal(["--worktree", ""]), /commit\.worktree: is empty/);
    const unset = await command(directory, ["gate", image, "--worktree", "."]);
    assert.equal(unset.code, 1);
    assert.match(unset.stderr, /commit: needs --expected-revision or EXPECTED_REVISION/);
  });

  it("says no to a label that is the base's", async () => {
    const child = `${images.name}:child`;
    const imageId = await buildTiny({ name: child, labels: images.labels, from: image });
    const words = ["gate", child, "--expected-revision", head];
    const { code, stdout } = await command(directory, words);
    assert.equal(code, 1);
    assert.match(
      stdout,
      /^the image's label .* may be inherited and not its own: .*\nholds: provenance match: [0-9a-f]{12}\n$/,
    );

    const root = join(directory, ".git", "artifacts");
    await putBuild(root, "web", at(1), { imageId, record: { revision: head } });
    const short = `provenance match: ${head.slice(0, 12)}\n`;
    for (const flags of [[], ["--no-require-verified"]]) {
      const proven = await command(directory, [...words, "--root", root, ...flags]);
      assert.deepEqual(
        [proven.code, proven.stdout],
        [0, short],
        "the store has it as stamped, and is not asked more",
      );
    }
    const strict = await command(directory, [...words, "--root", root, "--require-verified"]);
    assert.equal(strict.code, 1);
    assert.match(strict.stdout, /is not verified \(unknown\)/);
  });
});
