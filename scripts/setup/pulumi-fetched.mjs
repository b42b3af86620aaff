import { rmSync } from "node:fs";
import { join } from "node:path";
import { download, sha256Of } from "./download.mjs";
import { PULUMI_ARCHIVES, PULUMI_SOURCES, PULUMI_VERSION } from "./pins.mjs";
import { run } from "./run.mjs";

/**
 * The release archive's platform: `linux-x64`, `darwin-arm64`, ... or null where there is none that is pinned.
 * @param {string} [platform] as in process.platform
 * @param {string} [arch] as in process.arch
 */
export function archivePlatform(platform = process.platform, arch = process.arch) {
  const name = `${platform}-${arch}`;
  return Object.hasOwn(PULUMI_ARCHIVES, name) ? name : null;
}

/**
 * Fetches the official release, compares its sha256 with the pinned one and unpacks it.
 * @param {object} options
 * @param {string} options.folder where `pulumi` and its language hosts end up
 * @param {string} options.log
 * @param {AbortSignal} options.signal
 * @param {string[]} [options.sources] folders on the web, tried in order
 * @param {Record<string, string>} [options.archives] sha256 by platform
 * @returns {Promise<{source: string} | {reasons: string[]}>} reasons: why no source would do
 */
export async function fetchPulumi({
  folder,
  log,
  signal,
  sources = PULUMI_SOURCES,
  archives = PULUMI_ARCHIVES,
}) {
  const platform = archivePlatform();
  if (!platform) return { reasons: [`there is no release for ${process.platform}-${process.arch}`] };
  const archive = join(folder, "archive.tar.gz");
  const reasons = [];
  for (const source of sources) {
    const host = new URL(source).host;
    const reason = await download(`${source}/pulumi-v${PULUMI_VERSION}-${platform}.tar.gz`, archive, {
      log,
      signal,
    });
    if (reason !== null) {
      reasons.push(`${host}: ${reason}`);
      continue;
    }
    const found = await sha256Of(archive);
    if (found === archives[platform]) {
      const unpack = ["-xzf", archive, "-C", folder, "--strip-components=1"];
      await run("Unpacking the Pulumi release", "tar", unpack, { log, signal });
      rmSync(archive);
      return { source: host };
    }
    reasons.push(`${host}: the archive's sha256 is ${found}, expected ${archives[platform]}`);
  }
  rmSync(archive, { force: true });
  return { reasons };
}
