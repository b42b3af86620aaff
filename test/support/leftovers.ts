import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { docker } from "./docker";
import { OWNER } from "./own-images";

/** What tests may leave behind. Each entry is one line for people and unique for comparison. */
export interface Inventory {
  /** `<id> <image> <name>` of every container, running or not. */
  containers: string[];
  /**
   * `<repository>:<tag> <id>` of images under `verified-images/` (throwaways, tagged bases), of untagged ones, and of those
   * that a test has labelled as its own.
   */
  images: string[];
  /** Names of `verified-images-*` in the system's folder for temporary files. */
  temporary: string[];
}

/** Lists containers, our helper images and our temporary folders as they are now. */
export async function listOurs(): Promise<Inventory> {
  const format = "{{.Repository}}:{{.Tag}} {{.ID}}";
  const [containers, images, unnamed, labelled, temporary] = await Promise.all([
    docker(["ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Image}} {{.Names}}"]),
    docker(["image", "ls", "--no-trunc", "--format", format]),
    // Clients from 29 on leave them out of the list above.
    docker(["image", "ls", "--no-trunc", "--filter", "dangling=true", "--format", format]),
    docker(["image", "ls", "--no-trunc", "--filter", `label=${OWNER}`, "--format", format]),
    readdir(tmpdir()),
  ]);
  return {
    containers: lines(containers),
    images: [
      ...new Set([
        ...lines(images).filter((image) => /^(verified-images\/|<none>:<none> )/.test(image)),
        ...lines(unnamed),
        ...lines(labelled),
      ]),
    ],
    temporary: temporary.filter((name) => name.startsWith("verified-images-")).sort(),
  };
}

/** What is there now and was not there `before`: one line each, empty when all was cleaned up. */
export async function leftovers(before: Inventory): Promise<string[]> {
  const left = added(before, await listOurs());
  return await Promise.all(
    left.map(async (entry) => {
      const id = /^image .* (sha256:[0-9a-f]+)$/.exec(entry)?.[1];
      return id === undefined ? entry : `${entry}: ${await origin(id)}`;
    }),
  );
}

/** When an image was made, its labels and its last instructions: what tells which test left it. */
async function origin(id: string): Promise<string> {
  const facts = docker(["image", "inspect", "--format", "{{.Created}} {{json .Config.Labels}}", id]);
  const steps = docker(["image", "history", "--no-trunc", "--format", "{{.CreatedBy}}", id]);
  const [made, history] = await Promise.all([facts, steps]).catch(() => ["gone since", ""]);
  return [made, ...history.split("\n").slice(0, 6)].join("\n    ");
}

/** What `after` has beyond `before`, one line each. */
export function added(before: Inventory, after: Inventory): string[] {
  const beyond = (kind: keyof Inventory, word: string): string[] =>
    after[kind].filter((entry) => !before[kind].includes(entry)).map((entry) => `${word} ${entry}`);
  return [
    ...beyond("containers", "container"),
    ...beyond("images", "image"),
    ...beyond("temporary", "temporary folder"),
  ];
}

function lines(text: string): string[] {
  return text === "" ? [] : text.split("\n").sort();
}
