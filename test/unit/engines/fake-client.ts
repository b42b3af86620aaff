import type { DockerClient } from "../../../provider/engines/docker/client";

/** What `docker info` says of an engine that answers. */
export const INFO = JSON.stringify({ ID: "ENGINE", ServerVersion: "20.10.24" });

/** A client that answers each command with a text or an error, and keeps all that it was asked. */
export function fakeClient(
  answer: (command: string) => string | Error,
  buildx: string | null = null,
): DockerClient & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    where: "unix:///x",
    host: "unix:///x",
    context: "default",
    builder: undefined,
    inspectMs: 5_000,
    cli: () => Promise.resolve({ path: "docker", version: "20.10.24", builder: "built-in", buildx }),
    run: (args) => {
      asked.push(args.join(" "));
      const stdout = answer(args.join(" "));
      return stdout instanceof Error ? Promise.reject(stdout) : Promise.resolve({ stdout, stderr: "" });
    },
    start: () => Promise.reject(new Error("nothing is started")),
  };
}
