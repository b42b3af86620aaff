import assert from "node:assert/strict";
import { readClaim, recipeFolders } from "./support/corpus/claim";
import { describeRecipes } from "./support/corpus/recipes";

/** One for each kind of claim; the campaign `corpus` builds them all. */
const CHOSEN = [
  "a-backtick-continues-lines-where-the-directive-says-so",
  "a-build-argument-chooses-what-is-installed",
  "a-command-that-clears-its-environment-drifts-by-name",
  "a-compiler-that-is-purged-in-the-same-run-is-pinned",
  "a-date-on-scratch-is-drift-of-that-file",
  "a-frontend-that-can-not-be-had-is-an-error",
  "a-git-branch-that-moves-is-drift-by-name",
  "a-here-document-needs-a-builder-that-knows-it",
  "a-revision-inherited-from-the-base-is-not-the-images-own",
  "a-revision-reaches-label-and-argument",
  "a-signed-third-party-archive-is-pinned-to-the-version-it-won-with",
  "a-static-binary-on-scratch-keeps-its-build-stage-in-the-lock",
  "npm-workspaces-are-pinned-by-the-lock-at-their-root",
  "requirements-with-extras-markers-and-constraints-are-pinned",
  "run-works-in-an-image-without-a-shell",
];

describe("the corpus", () => {
  const folders = recipeFolders();

  it("has at least forty recipes, each with a claim that can be read", () => {
    assert.ok(folders.length >= 40, `${folders.length} folders`);
    for (const folder of folders) assert.ok(readClaim(folder).because.length > 20, folder);
  });

  it("has every recipe that is chosen from it", () => {
    assert.deepEqual(
      CHOSEN.filter((folder) => !folders.includes(folder)),
      [],
    );
  });
});

describeRecipes(CHOSEN);
