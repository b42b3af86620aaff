import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../../../scripts/setup/project.mjs";

const MOST = 2_000;
/** What Go's tools write. */
const WRITTEN_BY_TOOLS = /(?:^|\/)go\.(?:mod|sum)$/;

/** Too many lines, in words; null where there are not. The longest files come first. */
function tooMany(lines: readonly [file: string, count: number][]): string | null {
  const total = lines.reduce((sum, [, count]) => sum + count, 0);
  if (total <= MOST) return null;
  const longest = [...lines].sort(([, a], [, b]) => b - a).slice(0, 5);
  const named = longest.map(([file, count]) => `${file} (${count})`).join(", ");
  return `scripts/ has ${total} lines, at most ${MOST} are allowed; the longest files are ${named}`;
}

describe("the lines of scripts/", () => {
  it("are at most 2,000", () => {
    const entries = readdirSync(join(PROJECT, "scripts"), { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile() && !WRITTEN_BY_TOOLS.test(entry.name));
    assert.ok(files.length > 20, "this reads the wrong folder");
    const lines = files.map(({ parentPath, name }): [string, number] => {
      return [name, readFileSync(join(parentPath, name), "utf8").split("\n").length - 1];
    });
    assert.equal(tooMany(lines), null);
  });

  it("name the longest files where they are too many", () => {
    assert.equal(
      tooMany([
        ["a.mjs", 1],
        ["b.mjs", 2_000],
      ]),
      "scripts/ has 2001 lines, at most 2000 are allowed; the longest files are b.mjs (2000), a.mjs (1)",
    );
    assert.equal(tooMany([["b.mjs", 2_000]]), null);
  });
});
