import assert from "node:assert/strict";
import { startNpmRegistry } from "../support/npm-registry";
import { toolsImage } from "./support/base-images";
import { makeBench } from "./support/bench";

/** A lock file of npm before 7 lists optional packages of all systems, and does not say of which system each is. */
const lockOf = (version: 1 | 3, url: string): object => {
  const at = (name: string): object => ({
    version: "1.0.0",
    resolved: `${url}/${name}/-/${name}-1.0.0.tgz`,
  });
  const elsewhere = { ...at("own-elsewhere"), optional: true };
  const root = { name: "site", version: "1.0.0", lockfileVersion: version, requires: true };
  return version === 1
    ? { ...root, dependencies: { "own-elsewhere": elsewhere, "own-lib": at("own-lib") } }
    : {
        ...root,
        packages: {
          "": { ...PROJECT },
          "node_modules/own-elsewhere": { ...elsewhere, os: ["darwin"] },
          "node_modules/own-lib": at("own-lib"),
        },
      };
};

const PROJECT = {
  name: "site",
  version: "1.0.0",
  dependencies: { "own-lib": "^1.0.0" },
  optionalDependencies: { "own-elsewhere": "^1.0.0" },
};

describe("an optional npm package of another system, in the project's lock file", function () {
  this.timeout(300_000);
  for (const version of [1, 3] as const) {
    it(`is in neither image with lockfileVersion ${version}`, async () => {
      const bench = await makeBench();
      const npm = await startNpmRegistry();
      try {
        await npm.publish({ name: "own-lib", version: "1.0.0" });
        await npm.publish({ name: "own-elsewhere", version: "1.0.0", manifest: { os: ["darwin"] } });
        await bench.write("package.json", JSON.stringify(PROJECT));
        await bench.write("package-lock.json", JSON.stringify(lockOf(version, npm.url)));
        await bench.write(
          "Dockerfile",
          `FROM ${await toolsImage()}\nWORKDIR /site\nCOPY package.json package-lock.json ./\nRUN npm ci ${npm.sourceLine}\n`,
        );
        const outcome = await bench.build();
        assert.deepEqual(outcome.drift, { changed: [], added: [], removed: [] });
        assert.equal(outcome.verified, "verified", outcome.reason ?? "");
        const own = (await bench.lock(outcome)).packages.filter(({ name }) => name.startsWith("own-"));
        assert.deepEqual(
          own.map(({ name }) => name),
          ["own-lib"],
        );
      } finally {
        await npm.close();
        await bench.dispose();
      }
    });
  }
});
