import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "../../support/child";

/** A certificate that vouches for itself, as a private authority's root does. PEM texts. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Makes a self-signed certificate for an IP address, valid for a day. */
export async function selfSigned(address: string): Promise<Certificate> {
  const directory = await mkdtemp(join(tmpdir(), "engine-tests-"));
  try {
    const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
    const kind = [
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
    ];
    const names = ["-subj", "/CN=engine tests", "-addext", `subjectAltName=IP:${address}`];
    const made = await runChild("openssl", ["req", ...kind, ...names, "-keyout", key, "-out", cert]);
    if (made.code !== 0) throw new Error(`openssl req exited ${made.code}\n${made.stderr}`);
    return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
