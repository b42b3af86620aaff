import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../process/temporary";
import { privateBundle } from "./bundle";

/** Id of the build secret that carries the certificates. */
export const CA_SECRET = "verified-images-ca";
/**
 * Where a RUN sees them. /dev is a fresh tmpfs in every build container, so the mount point leaves nothing
 * behind in the layer, also with frontends that don't remove mount points.
 */
export const CA_TARGET = "/dev/verified-images-ca/ca.pem";

/** Id and place of the configuration that tells apt, which heeds no variable for certificates. */
const APT_SECRET = "verified-images-apt";
const APT_TARGET = "/dev/verified-images-ca/apt.conf";
/** Read by apt whatever APT_CONFIG says, so a locked recipe's pins and this go together. */
const APT_PART = "/etc/apt/apt.conf.d/99verified-images-ca";

/** Variables that tell the tools of a build where the certificates are. */
const BUILD_VARIABLES = [
  "PIP_CERT",
  "REQUESTS_CA_BUNDLE",
  "SSL_CERT_FILE",
  "CURL_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
  "CARGO_HTTP_CAINFO",
];

/** What a build gets so that HTTPS works behind a private certificate authority. */
export interface HandedInTrust {
  /**
   * Flags for a RUN; none where there is no private authority.
   *
   * @param text the RUN's own text
   */
  mounts(text: string): string[];
  /** ARG lines for every stage; constant paths only, so no cache key depends on a certificate. */
  arguments: Record<string, string>;
  secrets: Record<string, { file: string }>;
  /** Removes the temporary file. */
  dispose(): Promise<void>;
}

/**
 * Makes the certificates of this machine available to one build, as a build secret: secrets are neither in
 * the image nor in the cache key. Where there is no private authority, nothing is added at all.
 *
 * @param throwaway whether the image goes again at once: only then may a mount point be left in it, which is
 *   how apt is told beside a locked recipe's own APT_CONFIG
 */
export async function handInTrust(throwaway: boolean): Promise<HandedInTrust> {
  const bundle = await privateBundle();
  if (bundle === null) {
    return { mounts: () => [], arguments: {}, secrets: {}, dispose: () => Promise.resolve() };
  }
  const directory = await temporaryFolder("ca");
  const file = join(directory, "ca.pem");
  await writeFile(file, bundle, { mode: 0o600 });
  const apt = join(directory, "apt.conf");
  await writeFile(apt, `Acquire::https::CaInfo "${CA_TARGET}";\n`, { mode: 0o600 });
  const mount = (id: string, target: string): string =>
    `--mount=type=secret,id=${id},target=${target},mode=0444`;
  const variables = Object.fromEntries(BUILD_VARIABLES.map((name) => [name, CA_TARGET]));
  return {
    mounts: (text) => [
      mount(CA_SECRET, CA_TARGET),
      ...(throwaway ? [] : [mount(APT_SECRET, APT_TARGET)]),
      ...(throwaway && /\bapt(?:-get|itude)?\b/.test(text) ? [mount(APT_SECRET, APT_PART)] : []),
    ],
    arguments: throwaway ? variables : { ...variables, APT_CONFIG: APT_TARGET },
    secrets: { [CA_SECRET]: { file }, [APT_SECRET]: { file: apt } },
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}
