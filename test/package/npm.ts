import assert from "node:assert/strict";
import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../../package.json";
import { ownImages } from "../support/own-images";
import { initProject, type PulumiProject } from "../support/pulumi";
import { itLives } from "./support/life";
import { inFolder, npmInstall } from "./support/npm";
import { makeStranger, writeStranger } from "./support/stranger";
import type { Tarball } from "./support/tarball";
import { itTypeChecks } from "./types";

/** Where the project has it, Pulumi's SDK loads TypeScript in ES modules with it, and needs no setting. */
const TS_NODE = "ts-node@10.9.2";

/** Every name, as an ES module sees it without running anything; two of them every CommonJS module has. */
const NAMES_IN_ESM = `
import * as all from "pulumi-verified-images";
const ofEveryModule = ["default", "module.exports"];
console.log(JSON.stringify(Object.keys(all).filter((name) => !ofEveryModule.includes(name))));
`;

/** The same, as a CommonJS module has them. */
const NAMES_IN_COMMONJS = `
console.log(JSON.stringify(Object.getOwnPropertyNames(require("pulumi-verified-images"))));
`;

/** Registers the tests of a project that is installed with npm, as CommonJS and then as ES modules. */
export function describeNpm(tarball: () => Tarball): void {
  describe("in a new project with npm", () => {
    const commonjs = ownImages("stranger-npm");
    const esm = ownImages("stranger-esm");
    let project: PulumiProject;
    const directory = (): string => project.directory;
    const node = async (...args: string[]): Promise<unknown> =>
      JSON.parse(await inFolder(directory(), process.execPath, args));

    before(async () => {
      project = await initProject(await makeStranger({ modules: "commonjs", images: commonjs }));
      await npmInstall(directory(), [tarball().file]);
    });
    after(async () => {
      await commonjs.clean();
      await esm.clean();
      project.remove();
    });

    it("is installed as a copy, and takes the project's own SDK", async () => {
      const modules = join(await realpath(directory()), "node_modules");
      const own = join(modules, "pulumi-verified-images");
      assert.equal((await lstat(own)).isSymbolicLink(), false);
      const resolved = await node("-p", 'JSON.stringify(require.resolve("pulumi-verified-images"))');
      assert.equal(resolved, join(own, "dist/index.js"));
      const sdk = `require.resolve("@pulumi/pulumi/package.json", { paths: [${JSON.stringify(own)}] })`;
      assert.equal(await node("-p", `JSON.stringify(${sdk})`), join(modules, "@pulumi/pulumi/package.json"));
    });

    it("puts the companion command where npm runs it", async () => {
      const command = join(directory(), "node_modules/.bin/verified-images");
      assert.equal((await inFolder(directory(), command, ["--version"])).trim(), packageJson.version);
    });

    it("shows every name to an ES module", async () => {
      const names = (await node("-e", NAMES_IN_COMMONJS)) as string[];
      assert.ok(names.includes("buildReproducible"));
      const seen = (await node("--input-type=module", "-e", NAMES_IN_ESM)) as string[];
      assert.deepEqual(seen.sort(), names.sort());
    });

    describe("in CommonJS", () => {
      itTypeChecks(directory);
      itLives(() => ({ project, images: commonjs }), { isFirst: true });
    });

    describe("in ES modules", () => {
      before(async () => {
        await writeStranger(directory(), { modules: "esm", images: esm });
        await npmInstall(directory(), [tarball().file, TS_NODE]);
      });

      itTypeChecks(directory);
      itLives(() => ({ project, images: esm }));
    });
  });
}
