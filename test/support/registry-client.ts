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
export type TestRegistry = ReturnType<typeof registryClient>;

export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
export const sha256 = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** Whether a registry answers. */
export const answers = (ask: () => Promise<Response>): Promise<boolean> =>
  ask().then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * What tests do with a registry.
 *
 * @param host `127.0.0.1:<port>`
 * @param ask sends a request for a path below `/v2`, or for a whole address
 * @param stop stops the registry
 */
export function registryClient(
  host: string,
  ask: (path: string, init?: RequestInit) => Promise<Response>,
  stop: () => Promise<void>,
) {
  const good = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const answer = await ask(path, init);
    if (answer.ok) return answer;
    throw new Error(`${init.method ?? "GET"} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const accept = { accept: [MANIFEST, OCI_INDEX, OCI_MANIFEST].join(", ") };

  /** The digest that a tag stands for, or null. */
  const digest = async (path: string, tag: string): Promise<string | null> => {
    const answer = await ask(`/${path}/manifests/${tag}`, { headers: accept });
    return answer.status === 404 ? null : sha256(await answer.text());
  };
  /** A manifest or a blob. */
  const json = async (
    path: string,
    kind: "manifests" | "blobs",
    name: string,
  ): Promise<Record<string, unknown>> => {
    const answer = await good(`/${path}/${kind}/${name}`, kind === "manifests" ? { headers: accept } : {});
    return (await answer.json()) as Record<string, unknown>;
  };
  /** Puts a blob; returns what a descriptor says of it. */
  const blob = async (path: string, body: string): Promise<{ digest: string; size: number }> => {
    const started = await good(`/${path}/blobs/uploads/`, { method: "POST" });
    const place = started.headers.get("location") ?? "";
    const headers = { "content-type": "application/octet-stream" };
    const whole = `${place}${place.includes("?") ? "&" : "?"}digest=${sha256(body)}`;
    await good(whole, { method: "PUT", body, headers });
    return { digest: sha256(body), size: body.length };
  };
  /** Puts the very text of a manifest under a tag. */
  const putText = async (path: string, tag: string, mediaType: string, body: string): Promise<string> => {
    await good(`/${path}/manifests/${tag}`, { method: "PUT", body, headers: { "content-type": mediaType } });
    return sha256(body);
  };
  /** Puts a manifest under a tag; returns its digest. */
  const put = (path: string, tag: string, manifest: object): Promise<string> => {
    const { mediaType } = manifest as { mediaType: string };
    return putText(path, tag, mediaType, JSON.stringify(manifest));
  };
  /** Puts a manifest under its digest; returns what an index says of it. */
  const putChild = async <Manifest extends { mediaType: string }>(path: string, manifest: Manifest) => {
    const text = JSON.stringify(manifest);
    await put(path, sha256(text), manifest);
    return { mediaType: manifest.mediaType, digest: sha256(text), size: text.length };
  };

  return {
    ...{ host, digest, json, put, putText, blob, stop },
    /** Puts an image again with a changed configuration; returns what an index says of it. */
    async vary(
      path: string,
      from: string,
      { architecture, labels }: { architecture?: string; labels?: Record<string, string> },
    ): Promise<Child> {
      const manifest = (await json(path, "manifests", from)) as {
        mediaType: string;
        config: { digest: string; size: number };
      };
      const config = (await json(path, "blobs", manifest.config.digest)) as {
        os: string;
        architecture: string;
        config: { Labels: Record<string, string> | null };
      };
      config.architecture = architecture ?? config.architecture;
      config.config.Labels = { ...config.config.Labels, ...labels };
      const changed = { ...manifest.config, ...(await blob(path, JSON.stringify(config))) };
      const platform = { os: config.os, architecture: config.architecture };
      return { ...(await putChild(path, { ...manifest, config: changed })), platform };
    },
    /** Puts an index of these images, and of an attestation as BuildKit adds it; returns its digest. */
    async index(path: string, tag: string, children: readonly Child[]): Promise<string> {
      const config = await blob(path, "{}");
      const statement = await blob(path, JSON.stringify({ _type: "https://in-toto.io/Statement/v0.1" }));
      const child = await putChild(path, {
        schemaVersion: 2,
        mediaType: OCI_MANIFEST,
        config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
        layers: [{ mediaType: "application/vnd.in-toto+json", ...statement }],
      });
      const platform = { os: "unknown", architecture: "unknown" };
      const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
      const manifests = [...children, { ...child, platform, annotations }];
      return await put(path, tag, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
    },
    /** Deletes what a tag stands for, with all its tags. */
    async remove(path: string, tag: string): Promise<void> {
      await good(`/${path}/manifests/${await digest(path, tag)}`, { method: "DELETE" });
    },
    async tags(path: string): Promise<string[]> {
      const { tags } = (await (await good(`/${path}/tags/list`)).json()) as { tags: string[] | null };
      return (tags ?? []).sort();
    },
  };
}
