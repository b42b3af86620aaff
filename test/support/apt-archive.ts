import { gzipSync } from "node:zlib";
import type { Archive, PackageSpec, Published } from "./archive";
import { startArchiveHost, type ArchiveOptions, type ArchiveReply } from "./archive-host";
import { tarGz } from "./tar-gz";
import { archiveOf, createShelf, sha256 } from "./versions";

/** A Debian package to publish. */
export interface AptSpec extends PackageSpec {
  /** Entries of the Depends field, as Debian writes them: `libfoo (>= 1.2)`. */
  depends?: readonly string[];
  /** Default `all`. */
  architecture?: string;
}

interface Deb extends Published {
  spec: AptSpec;
  bytes: Buffer;
}

const BY_HASH = /^\/dists\/stable\/main\/binary-[a-z0-9]+\/by-hash\/SHA256\/([0-9a-f]{64})$/;
const INDEX = /^main\/binary-([a-z0-9]+)\/Packages(\.gz)?$/;
const ARCHITECTURES = ["amd64", "arm64"];
// Debian policy 5.6.1 and 5.6.12.
const NAME = /^[a-z0-9][a-z0-9+.-]+$/;
const VERSION = /^(\d+:)?\d[A-Za-z0-9.+~-]*$/;

/** Options of a Debian archive. */
export interface AptOptions extends ArchiveOptions {
  /** Signs the text of a Release file, which then is there as InRelease too; default: unsigned. */
  sign?: (release: string) => Buffer;
}

/**
 * A Debian archive with one suite. In a recipe:
 * `RUN echo '<sourceLine>' > /etc/apt/sources.list.d/own.list && apt-get update && apt-get install ...`
 */
export async function startAptArchive(options: AptOptions = {}): Promise<Archive<AptSpec>> {
  const shelf = createShelf<Deb>();

  function packages(architecture: string): string {
    const debs = shelf.names().flatMap((name) => shelf.of(name));
    return debs
      .filter(({ spec }) => ["all", architecture].includes(spec.architecture ?? "all"))
      .map(
        (deb) =>
          `${controlParagraph(deb.spec)}\nFilename: ${deb.file}\nSize: ${deb.bytes.length}\nSHA256: ${deb.sha256}\n\n`,
      )
      .join("");
  }

  function index(path: string): Buffer | null {
    const [, architecture, gz] = INDEX.exec(path) ?? [];
    if (architecture === undefined || !ARCHITECTURES.includes(architecture)) return null;
    const text = Buffer.from(packages(architecture));
    return gz ? gzipSync(text) : text;
  }

  /** Every index that a Release has named, so that who read that one still gets it after a publication. */
  const announced = new Map<string, Buffer>();

  function release(): string {
    const files = ARCHITECTURES.flatMap((name) => [
      `main/binary-${name}/Packages`,
      `main/binary-${name}/Packages.gz`,
    ]);
    return [
      "Origin: own archive",
      "Label: own archive",
      "Suite: stable",
      "Codename: stable",
      `Date: ${new Date().toUTCString().replace("GMT", "UTC")}`,
      `Architectures: ${ARCHITECTURES.join(" ")}`,
      "No-Support-for-Architecture-all: Packages",
      "Components: main",
      "Acquire-By-Hash: yes",
      "SHA256:",
      ...files.map((path) => {
        const bytes = index(path) ?? Buffer.alloc(0);
        const hash = sha256(bytes);
        announced.set(hash, bytes);
        return ` ${hash} ${bytes.length} ${path}`;
      }),
      "",
    ].join("\n");
  }

  function answer(path: string): ArchiveReply | null {
    if (path === "/dists/stable/Release") return { body: release(), contentType: "text/plain" };
    if (path === "/dists/stable/InRelease" && options.sign !== undefined) {
      return { body: options.sign(release()), contentType: "text/plain" };
    }
    const byHash = BY_HASH.exec(path)?.[1];
    if (byHash !== undefined) {
      const body = announced.get(byHash);
      return body === undefined ? null : { body, contentType: "application/octet-stream" };
    }
    if (path.startsWith("/dists/stable/")) {
      const body = index(path.slice("/dists/stable/".length));
      return body && { body, contentType: "application/octet-stream" };
    }
    const deb = shelf.file(path.slice(1));
    return deb && { body: deb.bytes, contentType: "application/vnd.debian.binary-package", artifact: deb };
  }

  const host = await startArchiveHost(answer, options);
  return archiveOf<AptSpec, Deb>(host, shelf, {
    sourceLine: `deb [trusted=yes] ${host.url}/ stable main`,
    name: NAME,
    version: VERSION,
    async make(spec) {
      const bytes = await buildDeb(spec);
      // A file name has no epoch (dpkg-name(1)).
      const version = spec.version.replace(/^\d+:/, "");
      const file = `pool/main/${spec.name}/${spec.name}_${version}_${spec.architecture ?? "all"}.deb`;
      return { name: spec.name, version: spec.version, file, sha256: sha256(bytes), spec, bytes };
    },
  });
}

/** The control paragraph of a package (Debian policy 5.3), without a final newline. */
function controlParagraph(spec: AptSpec): string {
  return [
    `Package: ${spec.name}`,
    `Version: ${spec.version}`,
    `Architecture: ${spec.architecture ?? "all"}`,
    "Maintainer: Nobody <nobody@example.invalid>",
    "Section: misc",
    "Priority: optional",
    ...(spec.depends?.length ? [`Depends: ${spec.depends.join(", ")}`] : []),
    `Description: test package ${spec.name}`,
  ].join("\n");
}

/** The bytes of a .deb (deb(5)): an ar archive of `debian-binary`, `control.tar.gz` and `data.tar.gz`. */
async function buildDeb(spec: AptSpec): Promise<Buffer> {
  const control = await tarGz([{ path: "./control", content: `${controlParagraph(spec)}\n` }]);
  const data = await tarGz([
    { path: "./usr/" },
    { path: "./usr/share/" },
    { path: `./usr/share/${spec.name}/` },
    { path: `./usr/share/${spec.name}/content`, content: spec.content ?? `${spec.name} ${spec.version}\n` },
  ]);
  return arArchive([
    ["debian-binary", Buffer.from("2.0\n")],
    ["control.tar.gz", control],
    ["data.tar.gz", data],
  ]);
}

/** The common ar format: a magic line, then for each member a header of 60 bytes and even-padded data. */
function arArchive(members: readonly (readonly [string, Buffer])[]): Buffer {
  const parts: Buffer[] = [Buffer.from("!<arch>\n")];
  for (const [name, data] of members) {
    const header = `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}`;
    parts.push(Buffer.from(`${header}${String(data.length).padEnd(10)}\`\n`), data);
    if (data.length % 2 === 1) parts.push(Buffer.from("\n"));
  }
  return Buffer.concat(parts);
}
