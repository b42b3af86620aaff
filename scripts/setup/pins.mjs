import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { propertiesOf, readJson } from "./files.mjs";

/** Where pins.json is, and the Go modules. */
export const FOLDER = dirname(fileURLToPath(import.meta.url));

/** This platform, as Node.js names it: `linux-x64`. */
export const PLATFORM = `${process.platform}-${process.arch}`;

/** @param {string} name @returns {PinnedTool} */
function pinned(name) {
  const { version, manual, official, programs } = propertiesOf(readJson(join(FOLDER, "pins.json"))?.[name]);
  const here = propertiesOf(official)[PLATFORM];
  const { url, sha256 } = propertiesOf(here);
  const all = Array.isArray(programs) ? programs.map((program) => propertiesOf(program)) : [];
  return {
    name,
    version: String(version),
    manual: String(manual),
    official: here ? { url: String(url), sha256: String(sha256) } : null,
    programs: all.map(({ file, module, package: from, stamp }) => ({
      file: String(file),
      module: String(module),
      from: String(from),
      stamp: String(stamp),
    })),
  };
}

export const PULUMI = pinned("pulumi");
export const DOCKER = pinned("docker");

/**
 * For the tests, where there are none. Raise them together, to what Docker released together: docker-tools builds them
 * from the same packages.
 */
export const [BUILDKIT, BUILDX, COMPOSE] = [pinned("buildkit"), pinned("buildx"), pinned("compose")];

/** For the tests: oras, and a registry that lists referrers. */
export const ORAS = pinned("oras");

/** The image that the quickstart and the tests build from, and the Debian release behind it. */
export const BASE_IMAGE = "debian:bookworm-slim";
export const BASE_RELEASE = "bookworm";

/** Raise when the way in which the base image is made changes, so that cached copies are made again. */
export const BASE_RECIPE = 2;
