import type { Archive } from "./archive";
import type { AptSpec } from "./apt-archive";

/** A recipe that installs from this archive alone; `install` is the shell command that does it. */
export function aptRecipe(archive: Archive<AptSpec>, install: string): string {
  return [
    "FROM debian:bookworm-slim",
    `RUN rm -rf /etc/apt/sources.list.d/* && echo '${archive.sourceLine}' > /etc/apt/sources.list`,
    `RUN apt-get update && ${install}`,
    "",
  ].join("\n");
}

/**
 * A recipe whose apt reads nothing that a locked rebuild hands in, so that the rebuild installs whatever is the
 * newest `loose` by then.
 */
export function driftingRecipe(archive: Archive<AptSpec>): string {
  return aptRecipe(archive, "env -u APT_CONFIG apt-get install --yes loose");
}

/**
 * Publishes `loose` 1.0, and while it is downloaded for the first time a newer 2.0 that needs a package `newcomer`:
 * the first build gets 1.0 alone, every later one both newer packages.
 */
export async function driftOnce(archive: Archive<AptSpec>): Promise<void> {
  await archive.publish({ name: "loose", version: "1.0" });
  archive.onceDownloaded("loose", async () => {
    await archive.publish({ name: "newcomer", version: "1.0" });
    await archive.publish({ name: "loose", version: "2.0", depends: ["newcomer"] });
  });
}
