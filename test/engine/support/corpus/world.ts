import { existsSync } from "node:fs";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startAptArchive } from "../../../support/apt-archive";
import type { Archive } from "../../../support/archive";
import type { DownloadHook } from "../../../support/download-hooks";
import { startFileHost } from "../../../support/file-host";
import { commitAll, git } from "../../../support/git";
import { startNpmRegistry } from "../../../support/npm-registry";
import { startPipIndex } from "../../../support/pip-index";
import { makeSigningKey } from "../../../support/signing-key";
import { KINDS, type Claim, type Kind, type PublishedPackage } from "./claim";

/** What the lock calls the packages of an archive. */
export const ECOSYSTEM: Readonly<Record<Kind, string>> = {
  apt: "dpkg",
  vendor: "dpkg",
  pip: "pip",
  npm: "npm",
};

/** All that recipes of the corpus fetch from: archives and servers on loopback, whose content a folder decides. */
export interface World {
  /** Host name in a recipe (`apt.example`) to the address that stands for it (`172.17.0.1:4711`). */
  readonly hosts: ReadonlyMap<string, string>;
  /** Publishes what a folder asks for, and lets it move on as soon as it was fetched for the first time. */
  enter(folder: string, claim: Claim, scratch: string): Promise<void>;
  /** `<kind>:<name>` of what was published and never downloaded, sorted. */
  unfetched(): string[];
  /** Takes everything away that a folder has published. */
  leave(): void;
  close(): Promise<void>;
}

/** The version after this one: its last number plus one. */
export function nextVersion(version: string): string {
  return version.replace(/\d+(?=\D*$)/, (last) => String(Number(last) + 1));
}

/**
 * Starts the archives. A folder's `served/` is the content of the file server, together with the vendor's public
 * key; its `repository/` is what `http://git.example/repository.git` has. What stands in `served-later/` or
 * `repository-later/` replaces that once it was fetched.
 */
export async function startWorld(): Promise<World> {
  const key = await makeSigningKey();
  const [apt, vendor, pip, npm, files, repositories] = await Promise.all([
    startAptArchive(),
    startAptArchive({ sign: key.sign }),
    startPipIndex(),
    startNpmRegistry(),
    startFileHost(),
    startFileHost(),
  ]);
  const archives: Record<Kind, Archive> = { apt, vendor, pip, npm };
  let hooks: (DownloadHook & { kind: Kind })[] = [];
  let taken: (() => void)[] = [];
  let visit = 0;

  async function put(kind: Kind, item: PublishedPackage): Promise<void> {
    const later = "later" in item && item.later !== undefined ? item.later : [nextVersion(item.version)];
    const publish = async (version: string): Promise<void> => {
      await archives[kind].publish({ ...item, version });
      taken.push(() => archives[kind].withdraw(item.name, version));
    };
    await publish(item.version);
    const now = visit;
    const hook = archives[kind].onceDownloaded(item.name, async () => {
      // What a folder never fetched must not move on in another one.
      if (visit !== now) return;
      for (const version of later) await publish(version);
    });
    hooks.push(Object.assign(hook, { kind }));
  }

  async function serveFiles(folder: string, directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    if (existsSync(join(folder, "served"))) await cp(join(folder, "served"), directory, { recursive: true });
    await writeFile(join(directory, "vendor.gpg"), key.publicKey);
    files.serve(directory);
    const later = join(folder, "served-later");
    const now = visit;
    for (const name of existsSync(later) ? await readdir(later) : []) {
      files.hooks.once(name, async () => {
        if (visit === now) await cp(join(later, name), join(directory, name));
      });
    }
  }

  async function serveRepository(folder: string, directory: string): Promise<void> {
    if (!existsSync(join(folder, "repository"))) return;
    const [tree, bare] = [join(directory, "tree"), join(directory, "http", "repository.git")];
    const publish = async (content: string): Promise<void> => {
      await cp(join(folder, content), tree, { recursive: true });
      await commitAll(tree, content);
      await git(tree, ["push", "--quiet", bare, "main"]);
      await git(bare, ["update-server-info"]);
    };
    await mkdir(bare, { recursive: true });
    await git(bare, ["init", "--quiet", "--bare", "--initial-branch=main"]);
    await publish("repository");
    repositories.serve(join(directory, "http"));
    if (!existsSync(join(folder, "repository-later"))) return;
    const now = visit;
    repositories.hooks.once("repository.git/HEAD", async () => {
      if (visit === now) await publish("repository-later");
    });
  }

  return {
    hosts: new Map(
      Object.entries({ ...archives, files, git: repositories }).map(([name, { url }]) => [
        `${name}.example`,
        new URL(url).host,
      ]),
    ),
    async enter(folder, claim, scratch) {
      for (const kind of KINDS) for (const item of claim.packages[kind]) await put(kind, item);
      await serveFiles(folder, join(scratch, "served"));
      await serveRepository(folder, join(scratch, "repositories"));
    },
    unfetched: () =>
      hooks
        .filter(({ fired }) => !fired)
        .map(({ kind, name }) => `${kind}:${name}`)
        .sort(),
    leave() {
      for (const take of taken) take();
      taken = [];
      hooks = [];
      visit++;
      files.serve(null);
      repositories.serve(null);
    },
    async close() {
      await Promise.all([apt, vendor, pip, npm, files, repositories].map((host) => host.close()));
      await key.close();
    },
  };
}
