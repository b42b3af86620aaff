import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const made: string[] = [];

/** A new directory below the system's temporary one; removeTrees takes it away. */
export function newDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "context-test-")));
  chmodSync(directory, 0o755);
  made.push(directory);
  return directory;
}

/** Removes every directory that newDirectory made. */
export function removeTrees(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** Writes files by relative path; `x/` is an empty directory, `-> y` as content a link to y. Modes are 644 and 755. */
export function newTree(files: Record<string, string>, root = newDirectory()): string {
  for (const [path, content] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(path.endsWith("/") ? full : dirname(full), { recursive: true, mode: 0o755 });
    if (path.endsWith("/")) continue;
    if (content.startsWith("-> ")) {
      symlinkSync(content.slice(3), full);
      continue;
    }
    writeFileSync(full, content);
    chmodSync(full, 0o644);
  }
  return root;
}
