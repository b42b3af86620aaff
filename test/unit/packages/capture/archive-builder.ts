import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { captureFileSystem } from "../../../../provider/packages/capture/capture";
import { captureProblems } from "../../../../provider/packages/capture/judge";
import type { Capture } from "../../../../provider/packages/capture/types";

/** What a test puts at a path: text or bytes of a file, a link, or a directory. */
export type Content =
  | string
  | Buffer
  | { link: string }
  | { symlink: string }
  | { directory: true }
  | { fifo: true }
  | { device: true }
  | { mode: number };

/** A file system as ordered pairs, so that one path can come twice. */
export type Files = readonly (readonly [path: string, content: Content])[];

/** A directory entry. */
export const DIRECTORY = { directory: true } as const;

/** The bytes of a tar archive with these entries, end-of-archive marker included. */
export async function tarOf(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of files) {
    if (typeof content === "string" || Buffer.isBuffer(content)) {
      archive.entry({ name, mode: 0o100644 }, content);
    } else if ("directory" in content) {
      archive.entry({ name, type: "directory" });
    } else if ("fifo" in content) {
      archive.entry({ name, type: "fifo" });
    } else if ("device" in content) {
      archive.entry({ name, type: "character-device" });
    } else if ("mode" in content) {
      archive.entry({ name, mode: content.mode }, "");
    } else {
      const [type, linkname] =
        "link" in content ? (["link", content.link] as const) : (["symlink", content.symlink] as const);
      archive.entry({ name, type, linkname });
    }
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
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
export async function captureOf(files: Files): Promise<Capture> {
  return captureFileSystem(streamOf(await tarOf(files)));
}

/** The problems of a capture of these entries, as one text. */
export async function problemsOf(files: Files): Promise<string> {
  return captureProblems(await captureOf(files)).join("\n");
}

/** Packages in short: `npm:left-pad@1.0.0 in /app/node_modules`. */
export function brief(capture: Capture): string[] {
  return capture.packages.map(
    ({ ecosystem, name, version, arch, root }) =>
      `${ecosystem}:${name}${arch ? `:${arch}` : ""}@${version}${root ? ` in ${root}` : ""}`,
  );
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

function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}
