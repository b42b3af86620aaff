import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../base/process/temporary";
import { privateBundle } from "./bundle";

/** ID of the build secret that contains the certificates. */
export const CA_SECRET = "verified-images-ca";
/**
 * Where a RUN sees the certificates. /dev is a fresh tmpfs in every build container, so the mount point is never left
 * in the layer. Some frontends don't remove mount points.
 */
export const CA_TARGET = "/dev/verified-images-ca/ca.pem";

/** Variables that tell the tools of a build where the certificates are. */
export const BUILD_VARIABLES = [
  "PIP_CERT",
  "REQUESTS_CA_BUNDLE",
  "SSL_CERT_FILE",
  "CURL_CA_BUNDLE",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
  "CARGO_HTTP_CAINFO",
];

/** What is added to a build so that HTTPS works behind a private certificate authority. */
interface InjectedCaBundle {
  /** Flags for every RUN. Empty if there is no private authority. */
  mounts: string[];
  /** Variables for every RUN. They are constant paths, so no cache key depends on a certificate. */
  variables: Record<string, string>;
  secrets: Record<string, { file: string }>;
  /** Lines of apt.conf(5), because apt reads no variable for certificates. */
  aptLines: string[];
  dispose(): Promise<void>;
}

/**
 * Gives the certificates of this machine to one build, as a build secret. Secrets are neither in the image nor in the
 * cache key. If there is no private authority, nothing is added.
 */
export async function injectCaBundle(): Promise<InjectedCaBundle> {
  const bundle = await privateBundle();
  if (bundle === null) {
    return { mounts: [], variables: {}, secrets: {}, aptLines: [], dispose: () => Promise.resolve() };
  }
  const directory = await temporaryFolder("ca");
  const file = join(directory, "ca.pem");
  await writeFile(file, bundle, { mode: 0o600 });
  return {
    mounts: [`--mount=type=secret,id=${CA_SECRET},target=${CA_TARGET},mode=0444`],
    variables: Object.fromEntries(BUILD_VARIABLES.map((name) => [name, CA_TARGET])),
    secrets: { [CA_SECRET]: { file } },
    aptLines: [`Acquire::https::CaInfo "${CA_TARGET}";`],
    dispose: () => rm(directory, { recursive: true, force: true }),
  };
}
