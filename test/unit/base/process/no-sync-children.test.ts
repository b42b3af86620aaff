import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ESLint } from "eslint";

const REPOSITORY = resolve(__dirname, "../../../..");
/** Names under which Node.js and execa start a child and stop everything else until it ends. */
const SYNCHRONOUS = /\b(?:spawn|exec|execFile|execa|execaCommand|execaNode)Sync\b|\bexeca\.sync\b|\$\.sync\b/;

function sources(): string[] {
  return ["provider", "components"]
    .map((folder) => join(REPOSITORY, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    )
    .filter((file) => file.endsWith(".ts"));
}

describe("a provider that builds several images at once", () => {
  it("starts no child process that stops all others, anywhere", () => {
    const files = sources();
    assert.ok(
      files.includes(join(REPOSITORY, "provider/base/process/run.ts")),
      "this looks in the wrong place",
    );
    const found = files.filter((file) => SYNCHRONOUS.test(readFileSync(file, "utf8")));
    assert.deepEqual(found, []);
  });

  it("is kept from it by the linter, whichever way the call is written", async function () {
    this.timeout(60_000);
    const rule = "no-restricted-syntax";
    // Only this rule: the others need a whole compilation.
    const eslint = new ESLint({ cwd: REPOSITORY, ruleFilter: ({ ruleId }) => ruleId === rule });
    const judge = async (text: string): Promise<number> => {
      const [result] = await eslint.lintText(text, {
        filePath: join(REPOSITORY, "provider/base/process/run.ts"),
      });
      return result?.messages.filter(({ ruleId }) => ruleId === rule).length ?? 0;
    };
    for (const text of [
      `import { execFileSync } from "node:child_process";`,
      `import * as processes from "node:child_process"; processes.spawnSync("true");`,
      `const { execaSync: start } = await import("execa");`,
      `import processes from "child_process"; processes["execSync"]("true");`,
      `import { $ } from "execa"; $.sync\`true\`;`,
    ])
      assert.ok((await judge(text)) > 0, text);
    assert.equal(await judge(`import { spawn } from "node:child_process"; spawn("true");`), 0);
  });
});
