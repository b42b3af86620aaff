import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ESLint } from "eslint";
import { each } from "../../../support/each";

const REPOSITORY = resolve(__dirname, "../../../..");
const RUN = join(REPOSITORY, "provider/base/process/run.ts");
/** Names under which Node.js and execa start a child and stop everything else until it ends. */
const SYNCHRONOUS = /\b(?:spawn|exec|execFile|execa|execaCommand|execaNode)Sync\b|\bexeca\.sync\b|\$\.sync\b/;

describe("a provider that builds several images at once", () => {
  it("starts no child process that stops all others, anywhere", () => {
    const within = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
    const found = ["provider", "components"].flatMap((folder) => within(join(REPOSITORY, folder)));
    const files = found.filter((file) => file.endsWith(".ts"));
    assert.ok(files.includes(RUN), "this looks in the wrong place");
    const synchronous = files.filter((file) => SYNCHRONOUS.test(readFileSync(file, "utf8")));
    assert.deepEqual(synchronous, []);
  });

  const rule = "no-restricted-syntax";
  let eslint: ESLint;
  before(() => {
    // Only this rule, and without the types that the others need: those take a whole compilation.
    const overrideConfig = { languageOptions: { parserOptions: { projectService: false } } };
    eslint = new ESLint({ cwd: REPOSITORY, overrideConfig, ruleFilter: ({ ruleId }) => ruleId === rule });
  });
  each("is kept from it by the linter, whichever way the call is written: %s", [
    [`import { execFileSync } from "node:child_process";`, true],
    [`import * as processes from "node:child_process"; processes.spawnSync("true");`, true],
    [`const { execaSync: start } = await import("execa");`, true],
    [`import processes from "child_process"; processes["execSync"]("true");`, true],
    [`import { $ } from "execa"; $.sync\`true\`;`, true],
    [`import { spawn } from "node:child_process"; spawn("true");`, false],
  ])(async (text, refused) => {
    const [result] = await eslint.lintText(text, { filePath: RUN });
    const messages = result?.messages ?? assert.fail("nothing was read");
    const rules = messages.map(({ fatal, ruleId }) => (fatal ? "fatal" : ruleId));
    assert.deepEqual([...new Set(rules)], refused ? [rule] : []);
  });
});
