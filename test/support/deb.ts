import { tarGz } from "./tar-gz";

/** A Debian package to be made; see {@link buildDeb}. */
export interface DebSpec {
  name: string;
  version: string;
  /** Architecture field; default `all`. */
  architecture?: string;
  /** Entries of the Depends field, as Debian writes them: `libfoo (>= 1.2)`. */
  depends?: readonly string[];
  /** The text of `/usr/share/<name>/content`; default: name and version. */
  content?: string;
}

/** The control paragraph of a package (Debian policy 5.3), without a final newline. */
export function controlParagraph(spec: DebSpec): string {
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
export async function buildDeb(spec: DebSpec): Promise<Buffer> {
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
    const header =
      name.padEnd(16) +
      "0".padEnd(12) +
      "0".padEnd(6) +
      "0".padEnd(6) +
      "100644".padEnd(8) +
      String(data.length).padEnd(10);
    parts.push(Buffer.from(`${header}\`\n`), data);
    if (data.length % 2 === 1) parts.push(Buffer.from("\n"));
  }
  return Buffer.concat(parts);
}
