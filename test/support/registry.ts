import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { startDaemon, type Daemon } from "./daemon";
import { freePort } from "./free-port";
import { answers, registryClient, type TestRegistry } from "./registry-client";

export type { TestRegistry } from "./registry-client";

/** The user and the password that a registry with credentials takes. */
export const USER = "deployer";
export const PASSWORD = "correct horse battery";
/** bcrypt of {@link PASSWORD}, with little work. */
const HTPASSWD = `${USER}:$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.`;

/** A key and a certificate, PEM texts. */
interface Tls {
  key: string;
  cert: string;
}

/** Starts a registry, Debian's docker-registry, and waits until it answers. With TLS its certificate has to vouch for itself. */
export async function startRegistry(options: { auth?: boolean; tls?: Tls } = {}): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "registry-tests-"));
  const host = `127.0.0.1:${await freePort()}`;
  const at = (name: string): string => join(folder, name);
  const http: Record<string, unknown> = { addr: host };
  if (options.tls) {
    await writeFile(at("key.pem"), options.tls.key, { mode: 0o600 });
    await writeFile(at("cert.pem"), options.tls.cert);
    http.tls = { key: at("key.pem"), certificate: at("cert.pem") };
  }
  if (options.auth) await writeFile(at("htpasswd"), `${HTPASSWD}\n`);
  // JSON is YAML.
  const config = {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: at("storage") }, delete: { enabled: true } },
    http,
    ...(options.auth ? { auth: { htpasswd: { realm: "tests", path: at("htpasswd") } } } : {}),
  };
  await writeFile(at("config.yml"), JSON.stringify(config));
  const base = `${options.tls ? "https" : "http"}://${host}/v2`;
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`;
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const url = path.startsWith("http") ? path : `${base}${path}`;
    const headers = new Headers(init.headers);
    if (options.auth) headers.set("authorization", authorization);
    const whole = { ...init, headers, signal: AbortSignal.timeout(60_000) };
    return options.tls ? await askTls(url, whole, options.tls.cert) : await fetch(url, whole);
  };
  let daemon: Daemon | undefined;
  const registry = registryClient(host, ask, async () => {
    await daemon?.stop();
    await rm(folder, { recursive: true, force: true });
  });
  try {
    const serve = ["serve", at("config.yml")];
    daemon = await startDaemon("docker-registry", serve, () => answers(() => ask("/")));
    return registry;
  } catch (error) {
    await registry.stop();
    throw error;
  }
}

/** As `fetch`, of a server whose certificate this one vouches for; bodies are texts. */
function askTls(url: string, init: RequestInit, ca: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { method = "GET", signal } = init;
    const headers = Object.fromEntries(new Headers(init.headers));
    const asked = request(url, { method, headers, ca, ...(signal ? { signal } : {}) }, (answer) => {
      const status = answer.statusCode ?? 0;
      const told = Object.entries(answer.headers).map(([name, value]) => [name, String(value)] as const);
      buffer(answer).then(
        (body) =>
          resolve(new Response(status === 204 ? null : body, { status, headers: Object.fromEntries(told) })),
        reject,
      );
    });
    asked.once("error", reject);
    asked.end(init.body as string | undefined);
  });
}
