import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ownFolder } from "../../support/own-folder";

const PROJECT = join(__dirname, "../../..");
const IMAGES = join(PROJECT, "docs/images");

describe("the pictures of docs", () => {
  const at = ownFolder();

  it("are what the script draws of their recordings, and name nothing from outside", async () => {
    await cp(IMAGES, at(), { recursive: true });
    const names = (await readdir(IMAGES)).filter((name) => name.endsWith(".txt"));
    assert.ok(names.length > 0, "docs/images has no recording");
    const files = names.map((name) => at(name));
    await promisify(execFile)(process.execPath, [join(PROJECT, "scripts/terminal-picture.mjs"), ...files]);
    for (const name of names.map((name) => name.replace(/\.txt$/, ".svg"))) {
      const drawn = await readFile(at(name), "utf8");
      assert.equal(await readFile(join(IMAGES, name), "utf8"), drawn, `draw ${name} anew`);
      assert.doesNotMatch(drawn.replace("http://www.w3.org/2000/svg", ""), /url\(|href|:\/\//);
    }
  });
});
