/** `node --import tsx record-one.ts <file>`: asks the engine in effect everything, and writes what it answered. */
import { writeFileSync } from "node:fs";
import { dockerClient } from "../../../../provider/engines/docker/client";
import { docker, removeImage } from "../../../support/docker";
import { tar } from "../../../support/tar-gz";
import { ask, IMAGES, LABEL, REPOSITORY, REVISION } from "./questions";
import { recordingClient, type Recording } from "./recording";

async function makeImages(): Promise<void> {
  const build = async (name: string, dockerfile: string, labels: string[] = []): Promise<void> => {
    const input = await tar([
      { path: "Dockerfile", content: dockerfile },
      { path: "text", content: name },
    ]);
    await docker(["build", "--quiet", "--tag", name, ...labels, "-"], { input });
  };
  await build(IMAGES.base, "FROM scratch\nCOPY text /base\n", ["--label", `${LABEL}=${REVISION}`]);
  await build(IMAGES.child, `FROM ${IMAGES.base}\nENV WORD=x\nUSER 1000\nCOPY text /child\n`);
  const files = await tar([{ path: "text", content: "imported" }]);
  await docker(["import", "-", IMAGES.imported], { input: files });
}

/** Without what is about this machine: other images, and of `docker info` all that is not read. */
function withoutMachine(asked: string, stdout: string): string {
  if (asked.startsWith("image ls --all"))
    return stdout
      .split("\n")
      .filter((line) => line.includes(REPOSITORY))
      .join("\n");
  if (asked.startsWith("buildx inspect")) return stdout.split("Platforms:")[0] ?? "";
  // Where this engine keeps its layers.
  if (!asked.startsWith("info ")) return stdout.replace(/\/[^"\\:]*(?=\/overlay2\/)/g, "/var/lib/docker");
  const info = JSON.parse(stdout) as Record<string, unknown>;
  const kept = { ID: "ENGINE", Name: "machine", DockerRootDir: "/data" };
  return JSON.stringify({ ...kept, ServerVersion: info.ServerVersion });
}

async function main(file: string): Promise<void> {
  try {
    await makeImages();
    const client = dockerClient(undefined, 60_000);
    const recording: Recording = { cli: { ...(await client.cli()), path: "docker" }, calls: [] };
    await ask(recordingClient(client, recording.calls, withoutMachine));
    writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
  } finally {
    for (const image of Object.values(IMAGES)) await removeImage(image);
  }
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("expected the name of a file");
main(file).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
