import { decodeUtf8 } from "../deb822";

export interface ApkPackage {
  name: string;
  version: string;
  arch: string | null;
  /** `sha1-<base64>`, or null where the database has none. */
  hash: string | null;
}

/**
 * Reads apk's database of installed packages (apk-tools, apk-package(5)). It has one stanza of `<letter>:<value>` lines
 * per package, with a blank line after each. P is the name, V the version, A the architecture, and C a checksum: `Q1`
 * and a SHA-1 in base64.
 *
 * @throws {Error} when a stanza lacks its name or version, or the file is cut
 */
export function parseInstalled(content: Buffer): ApkPackage[] {
  const text = decodeUtf8(content);
  if (text !== "" && !text.endsWith("\n")) throw new Error("is cut: its last line has no end");
  // apk writes a blank line after each package, and a checksum for nearly every one. A list made by hand has neither.
  if (/^C:/m.test(text) && !text.endsWith("\n\n")) {
    throw new Error("is cut: no empty line ends its last package");
  }
  const packages: ApkPackage[] = [];
  for (const stanza of text.split(/\n{2,}/)) {
    const fields = new Map<string, string>();
    for (const line of stanza.split("\n")) {
      // The letters that describe files (F, R, Z and others) may repeat. They are not needed, so the first one is kept.
      const match = /^([A-Za-z]):(.*)$/.exec(line);
      if (match?.[1] !== undefined && !fields.has(match[1])) fields.set(match[1], match[2] ?? "");
      else if (match === null && line !== "")
        throw new Error(`has a line that is no field: ${line.slice(0, 80)}`);
    }
    if (fields.size === 0) continue;
    const name = fields.get("P") ?? "";
    const version = fields.get("V") ?? "";
    if (name === "" || version === "") throw new Error("has a package without a name or a version");
    const sum = /^Q1([A-Za-z0-9+/]+=*)$/.exec(fields.get("C") ?? "")?.[1];
    packages.push({
      name,
      version,
      arch: fields.get("A") ?? null,
      hash: sum === undefined ? null : `sha1-${sum}`,
    });
  }
  return packages;
}
