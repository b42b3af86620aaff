import assert from "node:assert/strict";
import { DOCUMENTS } from "./one-line/documents";
import { MEGABYTE, slowLines } from "./one-line/lines";
import { PACKAGES, PATHS } from "./one-line/packages";
import { JOINED, RECIPES } from "./one-line/recipes";
import { TOOLS } from "./one-line/tools";

describe("one line of a megabyte takes no longer than its length says", function () {
  // Long enough for a parser that is too slow to be measured.
  this.timeout(300_000);
  for (const [name, parse] of [...PACKAGES, ...RECIPES, ...TOOLS, ...DOCUMENTS]) {
    it(name, async () => assert.deepEqual(await slowLines(parse, MEGABYTE), []));
  }
  for (const [name, parse] of [...PATHS, ...JOINED]) {
    it(name, async () => assert.deepEqual(await slowLines(parse, MEGABYTE / 16), []));
  }
});
