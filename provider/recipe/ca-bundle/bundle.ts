import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Variables by which people tell their tools about a private certificate authority. Each names a file. */
export const CA_VARIABLES = [
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "PIP_CERT",
  "GIT_SSL_CAINFO",
] as const;

/** Where distributions keep the certificates that an administrator has added. */
const ANCHORS = ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors"];

/** Where distributions keep the complete bundle of certificates. */
const SYSTEM = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** The certificates of several PEM texts, each once, in the order in which they first occur. */
export function mergeCertificates(texts: readonly string[]): string[] {
  const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
  const seen = new Map<string, string>();
  for (const text of texts) {
    for (const [certificate] of text.matchAll(block)) {
      const key = certificate.replace(/\s+/g, "");
      if (!seen.has(key)) seen.set(key, certificate.replace(/\r/g, ""));
    }
  }
  return [...seen.values()];
}

async function textOf(file: string | undefined): Promise<string> {
  if (file === undefined || file === "") return "";
  return await readFile(file, "utf8").catch(() => "");
}

async function anchorTexts(): Promise<string[]> {
  const texts: string[] = [];
  for (const directory of ANCHORS) {
    const names = await readdir(directory, { recursive: true }).catch(() => [] as string[]);
    const certificates = names.filter((name) => /\.(?:crt|pem)$/.test(name)).sort();
    for (const name of certificates) texts.push(await textOf(join(directory, name)));
  }
  return texts;
}

/**
 * The PEM bundle that builds on this machine need. Null if this machine has no private certificate authority: none of
 * {@link CA_VARIABLES} names a file, and no administrator has added a certificate. The bundle includes the system's
 * certificates, because most tools use a given bundle in place of their own.
 */
export async function privateBundle(environment: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const named = await Promise.all(CA_VARIABLES.map((name) => textOf(environment[name])));
  const extra = mergeCertificates([...named, ...(await anchorTexts())]);
  if (extra.length === 0) return null;
  const system = (await Promise.all(SYSTEM.map(textOf))).find((text) => text !== "") ?? "";
  return mergeCertificates([system, ...extra]).join("\n") + "\n";
}
