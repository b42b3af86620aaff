import assert from "node:assert/strict";
import { readClaim, recipeFolders } from "./support/corpus/claim";
import { describeRecipes } from "./support/corpus/recipes";

/** What no other test of this part does with a real builder; the campaign `corpus` builds them all. */
const CHOSEN = [
  "a-frontend-that-can-not-be-had-is-an-error",
  "a-here-document-needs-a-builder-that-knows-it",
  "a-signed-third-party-archive-is-pinned-to-the-version-it-won-with",
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
