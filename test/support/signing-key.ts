import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";

/** An OpenPGP key of our own, as the owner of a third-party package archive has one. */
export interface SigningKey {
  /** The public key, not armored: what `signed-by=` takes. */
  readonly publicKey: Buffer;
  /** The text with its signature around it (RFC 9580, cleartext signature framework), as an InRelease file. */
  readonly sign: (text: string) => Buffer;
  close(): Promise<void>;
}

/** Makes a key with gpg in a folder of its own. Throws when gpg is not there, or says no. */
export async function makeSigningKey(): Promise<SigningKey> {
  const home = await mkdtemp(join(tmpdir(), "engine-tests-"));
  const gpg = (args: readonly string[], input = ""): Buffer => {
    const common = ["--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback"];
    const { error, status, stdout, stderr } = spawnSync("gpg", [...common, ...args], { input });
    if (error) throw new Error(`tests with a signed archive need gpg: ${error.message}`);
    if (status !== 0) throw new Error(`gpg ${args.join(" ")} exited ${status}\n${stderr.toString()}`);
    return stdout;
  };
  const close = async (): Promise<void> => {
    spawnSync("gpgconf", ["--homedir", home, "--kill", "all"]);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const owner = "Own archive <archive@example.invalid>";
    gpg(["--passphrase", "", "--quick-generate-key", owner, "ed25519", "sign", "1d"]);
    return {
      publicKey: gpg(["--export"]),
      sign: (text) => gpg(["--passphrase", "", "--clearsign", "--output", "-"], text),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
