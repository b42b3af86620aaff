import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  lookAt,
  movedWords,
  awayWords,
  headsOf,
  sightingOf,
  type Look,
  type Sighting,
} from "../../../../provider/base/git/still";
import { isFullRevision, type Revision } from "../../../../provider/base/revision/revision";
import { git } from "../../../support/git";
import { removeScratch, scratch } from "../../store/scratch";
import { committed, put, withGit } from "./environment";

function revision(digit: string): Revision {
  const text = digit.repeat(40);
  return isFullRevision(text) ? text : assert.fail(text);
}

const AGAIN = "leave the work tree alone while it is built from, and try again";

describe("whether a work tree is still what a revision was read from", () => {
  const before: Sighting = { worktree: "app", head: revision("a"), changed: ["old"] };
  const look = (more: Partial<Look>): { is: Look } => ({
    is: { head: revision("a"), changed: ["old"], top: "/work", ...more },
  });
  const all = (): boolean => true;

  it("is so with the same HEAD and no further change", () => {
    assert.equal(movedWords(before, look({}), all), null);
    assert.equal(movedWords(before, look({ changed: [] }), all), null, "what was changed was put back");
  });

  it("is not so with another HEAD, and the sentence names both", () => {
    const why = "HEAD of the work tree app moved meanwhile (aaaaaaaaaaaa -> bbbbbbbbbbbb)";
    const words = `${why}, so the image may have files of both; ${AGAIN}`;
    assert.equal(movedWords(before, look({ head: revision("b"), changed: ["x"] }), all), words);
  });

  it("is not so with files that were not changed before, of which three are named", () => {
    const why = 'files of the work tree app changed meanwhile ("1", "a\\nb", "3" and 2 more)';
    const words = `${why}, so the image may not have what aaaaaaaaaaaa has; ${AGAIN}`;
    const changed = ["old", "1", "a\nb", "3", "4", "5"];
    assert.equal(movedWords(before, look({ changed }), all), words);
  });

  it("does not depend on files that can't be in the image, nor on files where it was not known before", () => {
    const asked: string[] = [];
    const none = (top: string, path: string): boolean => {
      asked.push(`${top} ${path}`);
      return false;
    };
    assert.equal(movedWords(before, look({ changed: ["docs/x"] }), none), null);
    assert.deepEqual(asked, ["/work docs/x"]);
    assert.equal(movedWords({ ...before, changed: null }, look({ changed: ["x"] }), all), null);
  });

  it("is not so where it can't be told", () => {
    const words = "whether the work tree app is still at aaaaaaaaaaaa can't be told: git status failed";
    assert.equal(movedWords(before, { unknown: "git status failed" }, all), `${words}; ${AGAIN}`);
  });
});

describe("whether HEAD was elsewhere meanwhile", () => {
  const [a, b] = [revision("a"), revision("b")];
  const before = { worktree: "app", head: a };
  const away = `HEAD of the work tree app moved to bbbbbbbbbbbb meanwhile, and back to aaaaaaaaaaaa, so the image may have files of both; ${AGAIN}`;
  for (const [what, then, now, words] of [
    ["no move", [a], [a], null],
    ["another branch at the same commit", [a], [a, a], null],
    ["a move away and back", [a], [a, b, a], away],
    ["older moves", [a, b], [a, b], null],
    ["a list that was cut", [a, b, a], [a], null],
    ["no list before", null, [a, b], null],
    ["no list now", [a], null, null],
  ] as const)
    it(`${what}: ${words === null ? "not seen" : "seen"}`, () =>
      assert.equal(awayWords(before, then, now), words));

  it("is read from git's own list, newest first", async () => {
    const { tree, head } = await committed({ a: "1" });
    await git(tree, ["commit", "--quiet", "--allow-empty", "--message", "second"]);
    const second = await git(tree, ["rev-parse", "HEAD"]);
    await git(tree, ["reset", "--quiet", "--hard", head]);
    assert.deepEqual(await headsOf(tree, 30), [head, second, head]);
    assert.equal(await headsOf(scratch(), 30), null);
  });
});

describe("a look at a work tree", () => {
  after(removeScratch);

  it("has HEAD, and tracked files that are not as HEAD has them, wherever in the tree it is", async () => {
    const { tree, head } = await committed({ a: "1", b: "1", "app/c": "1" });
    const worktree = join(tree, "app");
    put(tree, { a: "22", "app/c": "22", new: "22" });
    await git(tree, ["rm", "--quiet", "--cached", "b"]);
    assert.deepEqual(await sightingOf(worktree, 30), { worktree, head, changed: ["a", "app/c", "b"] });
    const look = await lookAt(worktree, 30);
    assert.ok("is" in look);
    assert.equal(look.is.top, await git(tree, ["rev-parse", "--show-toplevel"]));
  });

  it("is none without a revision, and knows no changes where git fails to say", async () => {
    assert.equal(await sightingOf(scratch(), 30), null);
    const { tree, head } = await committed({});
    const script = `case "$*" in *config*) exit 3;; *inside*) echo true;; *) echo ${head};; esac`;
    const seen = await withGit(script, () => sightingOf(tree, 30));
    assert.deepEqual(seen, { worktree: tree, head, changed: null });
    const look = await withGit(script, () => lookAt(tree, 30));
    assert.ok("unknown" in look && /^git config failed with exit code 3/.test(look.unknown));
    rmSync(join(tree, ".git"), { recursive: true });
    assert.deepEqual(await lookAt(tree, 30), { unknown: "it has no validated revision now" });
  });
});
