import { createHash } from "node:crypto";

/** What an index is made of. */
interface Child {
  digest: string;
  size: number;
  mediaType: string;
  platform: { os: string; architecture: string };
  annotations?: Record<string, string>;
}

/** A registry on loopback, with a storage of its own. */
export interface TestRegistry {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** The digest that a tag stands for, or null. */
  digest(path: string, tag: string): Promise<string | null>;
  /** A manifest or a blob. */
  json(path: string, kind: "manifests" | "blobs", name: string): Promise<Record<string, unknown>>;
  /** Puts a manifest under a tag; returns its digest. */
  put(path: string, tag: string, manifest: object): Promise<string>;
  /** Puts the very text of a manifest under a tag. */
  putText(path: string, tag: string, mediaType: string, text: string): Promise<string>;
  /** Puts an image again with a changed configuration; returns what an index says of it. */
  vary(
    path: string,
    from: string,
    change: { architecture?: string; labels?: Record<string, string> },
  ): Promise<Child>;
  /** Puts an index of these images, and of an attestation as BuildKit adds it; returns its digest. */
  index(path: string, tag: string, children: readonly Child[]): Promise<string>;
  /** Deletes what a tag stands for, with all its tags. */
  remove(path: string, tag: string): Promise<void>;
  tags(path: string): Promise<string[]>;
  /** Puts a blob; returns what a descriptor says of it. */
  blob(path: string, text: string): Promise<{ digest: string; size: number }>;
  stop(): Promise<void>;
}

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/**
 * What tests do with a registry.
 *
 * @param ask sends a request for a path below `/v2`, or for a whole address
 * @param end stops the registry
 */
export function registryClient(
  host: string,
  ask: (path: string, init?: RequestInit) => Promise<Response>,
  end: () => Promise<void>,
): TestRegistry {
  const good = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await ask(path, init);
    if (!answer.ok)
      throw new Error(`${init.method ?? "GET"} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const accept = { accept: [MANIFEST, INDEX, "application/vnd.oci.image.manifest.v1+json"].join(", ") };

  /** Puts a blob; returns what a descriptor says of it. */
  const upload = async (path: string, text: string): Promise<{ digest: string; size: number }> => {
    const started = await good(`/${path}/blobs/uploads/`, { method: "POST" });
    const place = started.headers.get("location") ?? "";
    await good(`${place}${place.includes("?") ? "&" : "?"}digest=${sha256(text)}`, {
      method: "PUT",
      body: text,
      headers: { "content-type": "application/octet-stream" },
    });
    return { digest: sha256(text), size: text.length };
  };

  const registry: TestRegistry = {
    host,
    async digest(path, tag) {
      const answer = await ask(`/${path}/manifests/${tag}`, { headers: accept });
      if (answer.status === 404) return null;
      return sha256(await answer.text());
    },
    async json(path, kind, name) {
      const answer = await good(`/${path}/${kind}/${name}`, kind === "manifests" ? { headers: accept } : {});
      return (await answer.json()) as Record<string, unknown>;
    },
    async put(path, tag, manifest) {
      const { mediaType } = manifest as { mediaType: string };
      return await registry.putText(path, tag, mediaType, JSON.stringify(manifest));
    },
    async putText(path, tag, mediaType, body) {
      await good(`/${path}/manifests/${tag}`, {
        method: "PUT",
        body,
        headers: { "content-type": mediaType },
      });
      return sha256(body);
    },
    async vary(path, from, { architecture, labels }) {
      const manifest = (await registry.json(path, "manifests", from)) as {
        mediaType: string;
        config: { digest: string; size: number };
      };
      const config = (await registry.json(path, "blobs", manifest.config.digest)) as {
        os: string;
        architecture: string;
        config: { Labels: Record<string, string> | null };
      };
      config.architecture = architecture ?? config.architecture;
      config.config.Labels = { ...config.config.Labels, ...labels };
      const text = JSON.stringify(config);
      await upload(path, text);
      const changed = {
        ...manifest,
        config: { ...manifest.config, digest: sha256(text), size: text.length },
      };
      const digest = sha256(JSON.stringify(changed));
      await registry.put(path, digest, changed);
      const platform = { os: config.os, architecture: config.architecture };
      return { digest, size: JSON.stringify(changed).length, mediaType: manifest.mediaType, platform };
    },
    async index(path, tag, children) {
      const config = await upload(path, "{}");
      const statement = await upload(path, JSON.stringify({ _type: "https://in-toto.io/Statement/v0.1" }));
      const mediaType = "application/vnd.oci.image.manifest.v1+json";
      const manifest = {
        schemaVersion: 2,
        mediaType,
        config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
        layers: [{ mediaType: "application/vnd.in-toto+json", ...statement }],
      };
      const digest = sha256(JSON.stringify(manifest));
      await registry.put(path, digest, manifest);
      const attestation = {
        ...{ mediaType, digest, size: JSON.stringify(manifest).length },
        platform: { os: "unknown", architecture: "unknown" },
        annotations: { "vnd.docker.reference.type": "attestation-manifest" },
      };
      return await registry.put(path, tag, {
        schemaVersion: 2,
        mediaType: INDEX,
        manifests: [...children, attestation],
      });
    },
    async remove(path, tag) {
      const digest = await registry.digest(path, tag);
      await good(`/${path}/manifests/${digest}`, { method: "DELETE" });
    },
    async tags(path) {
      const { tags } = (await (await good(`/${path}/tags/list`)).json()) as { tags: string[] | null };
      return (tags ?? []).sort();
    },
    blob: upload,
    stop: end,
  };
  return registry;
}
