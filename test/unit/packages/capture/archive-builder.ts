import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { captureFileSystem } from "../../../../provider/packages/capture/capture";
import { captureProblems } from "../../../../provider/packages/capture/judge";
import type { LockedPackage } from "../../../../provider/packages/lock/types";
import type { Capture } from "../../../../provider/packages/capture/types";
import { inShort, packageOf } from "../in-short";

/** What a test puts at a path: text or bytes of a file, or what the entry is instead. */
export type Content = string | Buffer | { mode: number } | Entry;

interface Entry {
  type: "directory" | "fifo" | "character-device" | "link" | "symlink";
  linkname?: string;
}

/** A file system, entry by entry in this order. A path that comes twice stands in two of them. */
export type Files = Readonly<Record<string, Content>>;
type Texts = Readonly<Record<string, string>>;

export const DIRECTORY: Entry = { type: "directory" };
export const PIPE: Entry = { type: "fifo" };
export const DEVICE: Entry = { type: "character-device" };
export const hardLink = (linkname: string): Entry => ({ type: "link", linkname });
export const symlink = (linkname: string): Entry => ({ type: "symlink", linkname });

/** The bytes of a tar archive with these entries, end-of-archive marker included. */
export async function tarOf(...systems: Files[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of systems.flatMap((files) => Object.entries(files))) {
    if (typeof content === "string" || Buffer.isBuffer(content)) {
      archive.entry({ name, mode: 0o100644 }, content);
    } else if ("mode" in content) {
      archive.entry({ name, mode: content.mode }, "");
    } else {
      archive.entry({ name, ...content });
    }
  }
  archive.finalize();
  return buffer(archive);
}

/** A stream of these bytes in pieces of `size`. */
export function streamOf(bytes: Buffer, size = 4096): Readable {
  return Readable.from(pieces(bytes, size), { objectMode: false });
}

/** Like {@link streamOf}, but fails after the bytes. */
export function failingStream(bytes: Buffer, error: Error): Readable {
  async function* fail(): AsyncGenerator<Buffer> {
    yield* pieces(bytes, 4096);
    await Promise.resolve();
    throw error;
  }
  return Readable.from(fail(), { objectMode: false });
}

/** Captures a file system with these entries. */
export async function captureOf(...systems: Files[]): Promise<Capture> {
  return captureFileSystem(streamOf(await tarOf(...systems)));
}

/** The problems of a capture of these entries, as one text. */
export async function problemsOf(...systems: Files[]): Promise<string> {
  return captureProblems(await captureOf(...systems)).join("\n");
}

/** What a detector says of these entries, then all packages in short: `found 1`, `npm:a@1.0.0 in /app`. */
export async function answerOf(detector: string, ...systems: Files[]): Promise<string[]> {
  const capture = await captureOf(...systems);
  const state = capture.detectors[detector];
  return [state?.state === "found" ? `found ${state.count}` : (state?.state ?? "none"), ...brief(capture)];
}

/** What {@link answerOf} gives where these packages (`npm:a@1 in /a, npm:b@2`) are found and no other. */
export function answerFor(packages: string): string[] {
  const all = packages.split(", ").filter(Boolean);
  return [all.length === 0 ? "absent" : `found ${all.length}`, ...all];
}

/** Packages in short: `npm:left-pad@1.0.0 in /app/node_modules`. */
export const brief = ({ packages }: Capture): string[] =>
  packages.map((item) => inShort({ ...item, hash: undefined }));

/**
 * A file system in words, with "; " between its entries. `a -> b` is a symbolic link, `a => b` a hard link,
 * `a/` a folder, `a: text` a file. `a has pip:x@1, pip:y@2` is what tools write down of packages there.
 * All of it is in a folder, if one is given (`etc/`).
 */
export function filesOf(text: string, folder = ""): Files {
  const files: Record<string, Content> = {};
  for (const entry of text.split(/;\s*/).filter(Boolean)) {
    const [, name = "", sign = "", rest = ""] = ENTRY.exec(entry) ?? assert.fail(`no entry: ${entry}`);
    const path = folder + name;
    if (sign === " has ") Object.assign(files, writtenDown(path, rest.split(", ")));
    else if (sign === "/") files[path] = DIRECTORY;
    else files[path] = sign === " -> " ? symlink(rest) : sign === " => " ? hardLink(rest) : rest;
  }
  return files;
}
const ENTRY = /^(\S+?)(\/$| -> | => | has |: ?)(.*)$/s;

/** How the tool of an ecosystem writes a package down. */
const WRITERS: Readonly<Record<string, (path: string, item: LockedPackage) => Texts>> = {
  dpkg: (path, { name, version, arch, transient }) => ({
    [path]: stanza(name, version, arch, transient ? "deinstall ok config-files" : undefined),
  }),
  apk: (path, { name, version }) => ({ [path]: `P:${name}\nV:${version}\n\n` }),
  npm: (path, { name, version }) => npm(path, version, name),
  gem: (path, { name, version }) => gem(path, name, version),
  conda: (path, { name, version, hash }) => {
    const [number = "", build = ""] = version.split("-");
    return conda(path, name, number, build, hash === undefined ? {} : { sha256: hash });
  },
  pip: (path, { name, version }) => ({
    [`${path}/${name}-${version}.dist-info/METADATA`]: `Name: ${name}\nVersion: ${version}\n\n`,
  }),
};

function writtenDown(path: string, shorts: readonly string[]): Files {
  const files: Record<string, string> = {};
  for (const item of shorts.map(packageOf)) {
    const written = WRITERS[item.ecosystem]?.(path, item) ?? assert.fail(item.ecosystem);
    for (const [place, text] of Object.entries(written)) files[place] = (files[place] ?? "") + text;
  }
  return files;
}

/** A stanza of /var/lib/dpkg/status. */
export function stanza(
  name: string,
  version: string,
  architecture = "amd64",
  status = "install ok installed",
): string {
  return `Package: ${name}\nStatus: ${status}\nArchitecture: ${architecture}\nVersion: ${version}\nDescription: text\n more\n .\n end\n\n`;
}

/** The package.json of a package in this directory, which is called like it unless another name is given. */
export function npm(
  directory: string,
  version = "1.0.0",
  name = directory.split("node_modules/").at(-1),
): Texts {
  return { [`${directory}/package.json`]: JSON.stringify({ name, version, scripts: {} }) };
}

/** The specification of a gem as RubyGems writes it, in one of its roots. */
export function gem(root: string, name: string, version: string, platform = "ruby"): Texts {
  const base = `${name}-${version}${platform === "ruby" ? "" : `-${platform}`}`;
  return { [`${root}/specifications/${base}.gemspec`]: gemspec(name, version, platform) };
}

export function gemspec(name: string, version: string, platform = "ruby"): string {
  return `# -*- encoding: utf-8 -*-
# stub: ${name} ${version} ${platform} lib\0ext
# stub: ext/${name}/extconf.rb

Gem::Specification.new do |s|
  s.name = "${name}".freeze
  s.version = "${version}"
${platform === "ruby" ? "" : `  s.platform = "${platform}".freeze\n`}
  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required=
  s.authors = ["J\u00fcrgen".freeze]
  if s.respond_to? :specification_version then
    s.specification_version = 4
  end
end
`;
}

/** The record of a conda package, where conda puts it. */
export function conda(
  prefix: string,
  name: string,
  version: string,
  build: string,
  more: object = {},
): Texts {
  const path = `${prefix}/conda-meta/${name}-${version}-${build}.json`;
  return { [path]: condaRecord(name, version, build, more) };
}

export function condaRecord(name: string, version: string, build: string, more: object = {}): string {
  const record = { arch: "x86_64", build, build_number: 0, files: ["bin/x"], name, version, ...more };
  return JSON.stringify(record, null, 2);
}

/** A database of rpm itself, as rpm wrote it. */
export const rpmDatabase = (name: "rpmdb.sqlite" | "Packages.db"): Buffer =>
  gunzipSync(readFileSync(join(__dirname, "fixtures", `${name}.gz`)));

/** Text with bytes between that are not UTF-8. */
export const notUtf8 = (before: string, after = ""): Buffer =>
  Buffer.concat([Buffer.from(before), Buffer.from([0x61, 0xff, 0xfe]), Buffer.from(after)]);

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}
