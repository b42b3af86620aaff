import { createHash } from "node:crypto";
import type { Archive, PackageSpec, Published } from "./archive";
import { startArchiveHost, type ArchiveOptions, type ArchiveReply } from "./archive-host";
import { tarGz } from "./tar-gz";
import { archiveOf, createShelf, sha256 } from "./versions";

/** An npm package's version to publish. */
export interface NpmSpec extends PackageSpec {
  /** Name to range. */
  dependencies?: Readonly<Record<string, string>>;
  /** Further fields of package.json; with `bin: "index.js"` the module is a program that does nothing. */
  manifest?: Readonly<Record<string, unknown>>;
}

interface Tarball extends Published {
  manifest: Record<string, unknown>;
  bytes: Buffer;
  /** RFC 3339, UTC. */
  published: string;
}

const NAME = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
const VERSION = /^\d+\.\d+\.\d+$/;

/**
 * A registry that serves packuments and tarballs; `latest` is the highest version (plain x.y.z only).
 * In a recipe: `RUN npm install <sourceLine> name`.
 */
export async function startNpmRegistry(options?: ArchiveOptions): Promise<Archive<NpmSpec>> {
  const shelf = createShelf<Tarball>();

  function packument(name: string): ArchiveReply | null {
    const tarballs = [...shelf.of(name)].sort((a, b) => compareVersions(a.version, b.version));
    const latest = tarballs.at(-1)?.version;
    if (latest === undefined) return null;
    const versions = tarballs.map(({ version, manifest, bytes, file }) => {
      const dist = {
        tarball: `${host.url}/${file}`,
        integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
        shasum: createHash("sha1").update(bytes).digest("hex"),
      };
      return [version, { ...manifest, _id: `${name}@${version}`, dist }] as const;
    });
    const time = tarballs.map(({ version, published }) => [version, published] as const);
    const body = {
      _id: name,
      name,
      "dist-tags": { latest },
      versions: Object.fromEntries(versions),
      time: Object.fromEntries(time),
    };
    return { body: JSON.stringify(body), contentType: "application/json" };
  }

  function answer(path: string): ArchiveReply | null {
    const tarball = shelf.file(path.slice(1));
    // As public registries send tarballs, so that npm's cache takes them.
    const cacheControl = "public, immutable, max-age=31557600";
    const contentType = "application/octet-stream";
    if (tarball) return { body: tarball.bytes, contentType, artifact: tarball, cacheControl };
    return packument(path.slice(1));
  }

  const host = await startArchiveHost(answer, options);
  return archiveOf<NpmSpec, Tarball>(host, shelf, {
    sourceLine: `--registry=${host.url}/`,
    name: NAME,
    version: VERSION,
    async make({ name, version, dependencies = {}, content = `${name} ${version}`, manifest: more }) {
      const manifest = { name, version, main: "index.js", dependencies, ...more };
      const module = `#!/usr/bin/env node\nmodule.exports = ${JSON.stringify(content)};\n`;
      const bytes = await tarGz([
        { path: "package/package.json", content: JSON.stringify(manifest) },
        { path: "package/index.js", content: module },
      ]);
      const file = `${name}/-/${name.replace(/^.*\//, "")}-${version}.tgz`;
      const published = new Date().toISOString();
      return { name, version, file, sha256: sha256(bytes), manifest, bytes, published };
    },
  });
}

/** Orders plain x.y.z versions by number (Semantic Versioning 2.0.0, item 11). */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  const index = left.findIndex((part, at) => part !== right[at]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
