import assert from "node:assert/strict";
import { lstat, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownImages } from "../support/own-images";
import { initProject } from "../support/pulumi";
import { itLives, type Installed } from "./support/life";
import { inFolder, npmInstall, strangerEnvironment } from "./support/npm";
import { makeStranger } from "./support/stranger";
import type { Tarball } from "./support/tarball";

/** Runs on every Node.js that this package runs on. */
const PNPM = "pnpm@10.34.8";

/** Installs with pnpm as it comes: a store and caches of its own, links instead of hoisting. */
async function pnpmInstall(directory: string, home: string, tarball: string): Promise<void> {
  await writeFile(join(home, "package.json"), JSON.stringify({ private: true }));
  await npmInstall(home, [PNPM]);
  const folders = ["CACHE", "DATA", "STATE"].map((kind) => [
    `XDG_${kind}_HOME`,
    join(home, kind.toLowerCase()),
  ]);
  const env = strangerEnvironment(Object.fromEntries(folders) as NodeJS.ProcessEnv);
  const pnpm = join(home, "node_modules/pnpm/bin/pnpm.cjs");
  const args = ["add", "--store-dir", join(home, "store"), tarball];
  await inFolder(directory, process.execPath, [pnpm, ...args], env);
}

/** Registers the tests of a project that is installed with pnpm. */
export function describePnpm(tarball: () => Tarball): void {
  describe("in a new project with pnpm", () => {
    let installed: Installed;
    let home: string;
    before(async () => {
      const images = ownImages("stranger-pnpm");
      const directory = await makeStranger({ modules: "commonjs", images });
      installed = { images, project: await initProject(directory) };
      home = await mkdtemp(join(tmpdir(), "verified-images-pnpm-"));
      await pnpmInstall(directory, home, tarball().file);
    });
    after(async () => {
      await installed.images.clean();
      installed.project.remove();
      await rm(home, { recursive: true, force: true });
    });

    it("is a link into pnpm's own folder, where none of its dependencies is in the program's reach", async () => {
      const modules = join(installed.project.directory, "node_modules");
      assert.ok((await lstat(join(modules, "pulumi-verified-images"))).isSymbolicLink());
      await assert.rejects(lstat(join(modules, "zod")), { code: "ENOENT" });
    });

    itLives(() => installed);
  });
}
