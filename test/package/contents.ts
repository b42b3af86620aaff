import assert from "node:assert/strict";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import buildConfig from "../../tsconfig.build.json";
import { runChild } from "../support/child";
import { REPOSITORY } from "../support/pulumi-project";
import { inFolder } from "./support/npm";
import type { Tarball } from "./support/tarball";

const tool = (path: string): string => join(REPOSITORY, "node_modules", path);

/** Files below a folder, relative to it, with forward slashes. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** What `dist` has to hold: two files of each source. */
async function compiledSources(): Promise<string[]> {
  const [main, ...folders] = buildConfig.include;
  const below = await Promise.all(
    folders.map(async (folder) =>
      (await filesIn(join(REPOSITORY, folder)))
        .filter((path) => path.endsWith(".ts"))
        .map((path) => `${folder}/${path}`),
    ),
  );
  return [String(main), ...below.flat()].flatMap((source) => {
    const stem = `dist/${source.replace(/\.ts$/, "")}`;
    return [`${stem}.d.ts`, `${stem}.js`];
  });
}

/** Registers the tests of what the tarball holds, before anything is installed. */
export function describeContents(tarball: () => Tarball): void {
  describe("its contents", () => {
    let unpacked: string;
    before(async () => {
      const folder = join(tarball().directory, "unpacked");
      await mkdir(folder);
      await inFolder(folder, "tar", ["-xzf", tarball().file]);
      unpacked = join(folder, "package");
    });

    it("are each source's JavaScript and declarations, what there is about them, and nothing else", async () => {
      const about = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
      // Why the code is as it is concerns whoever changes it, and stays in the repository.
      const docs = (await filesIn(join(REPOSITORY, "docs")))
        .filter((path) => !path.startsWith("decisions/"))
        .map((path) => `docs/${path}`);
      const schemas = (await filesIn(join(REPOSITORY, "schemas"))).map((path) => `schemas/${path}`);
      const expected = [...about, ...docs, ...schemas, ...(await compiledSources())].sort();
      assert.deepEqual(await filesIn(unpacked), expected);
    });

    it("name no path of the machine that packed, and no source map", async () => {
      const folder = tarball().directory;
      for (const path of await filesIn(unpacked)) {
        const text = await readFile(join(unpacked, path), "utf8");
        for (const told of [REPOSITORY, folder, "sourceMappingURL="]) assert.ok(!text.includes(told), path);
      }
    });

    it("are in order for publint, down to its suggestions", async () => {
      const args = [tool("publint/src/cli.js"), "--strict", tarball().file];
      const { code, stdout, stderr } = await runChild(process.execPath, args);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /All good!/);
    });

    it("resolve with their types from every kind of importer", async () => {
      const args = [tool("@arethetypeswrong/cli/dist/index.js"), "--format", "json", tarball().file];
      const { code, stdout, stderr } = await runChild(process.execPath, args);
      assert.equal(code, 0, stdout + stderr);
      const { analysis, problems } = JSON.parse(stdout) as {
        analysis: { entrypoints: Record<string, { resolutions: Record<string, unknown> }> };
        problems: object;
      };
      assert.deepEqual(problems, {});
      for (const entry of [".", "./provider"]) {
        const kinds = Object.keys(analysis.entrypoints[entry]?.resolutions ?? {});
        assert.deepEqual(kinds.sort(), ["bundler", "node10", "node16-cjs", "node16-esm"]);
      }
    });
  });
}
