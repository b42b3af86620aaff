import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { runCommand, type CommandOutput } from "./run-command";
import type { Failure, ResourceStandIn, World } from "./stand-in";
import { isUnknown, type Properties } from "./values";

interface Inputs extends Properties {
  create?: string;
  update?: string;
  delete?: string;
  interpreter?: string[];
  dir?: string;
  environment?: Record<string, string>;
  stdin?: string;
  logging?: "stdout" | "stderr" | "stdoutAndStderr" | "none";
  addPreviousOutputInEnv?: boolean;
}

const OUTPUTS = ["stdout", "stderr"];

/** What the two commands do differently. */
interface Kind {
  file: string;
  check(inputs: Properties): Failure[];
  /** Runs a command; `before` is what was written before. */
  run(
    command: string,
    inputs: Inputs,
    before: Properties,
    signal: AbortSignal,
    say: Say,
  ): Promise<CommandOutput>;
}
type Say = Parameters<typeof runCommand>[2];

/** A failure for each of these properties that is given. */
export const notDone = (given: Properties, properties: readonly string[], path = ""): Failure[] =>
  properties
    .filter((property) => given[property] !== undefined)
    .map((property) => ({
      property: path + property,
      reason: `the stand-in for command does not do ${property}`,
    }));

/** A resource that runs what it is told, as the real one does. Any input that has changed runs it again. */
export function commandResource(kind: Kind): ResourceStandIn {
  /** Runs one of the three commands; without any, what was written before stays. */
  const run = async (command: unknown, inputs: Inputs, before: Properties, { signal, say }: World) => {
    const { stdout, stderr } = before;
    if (typeof command !== "string") return { stdout, stderr };
    const isLogged = (stream: string): boolean =>
      [undefined, stream, "stdoutAndStderr"].includes(inputs.logging);
    return await kind.run(command, inputs, before, signal, (line, stream) =>
      isLogged(stream) ? say(line) : undefined,
    );
  };
  return {
    declared: { file: kind.file, name: "CommandArgs" },
    check: (inputs) => ({ inputs, failures: kind.check(inputs) }),
    changes(old, inputs) {
      const names = new Set([...Object.keys(old), ...Object.keys(inputs)]);
      const changed = [...names].filter(
        (name) =>
          !OUTPUTS.includes(name) && (isUnknown(inputs[name]) || !isDeepStrictEqual(old[name], inputs[name])),
      );
      const entries = changed.map((name) => [name, name === "triggers" ? "replace" : "update"] as const);
      return { properties: Object.fromEntries(entries) };
    },
    async create(inputs, name, world) {
      const outputs = await run(inputs.create, inputs, { stdout: "", stderr: "" }, world);
      return { id: `${name}${randomBytes(4).toString("hex")}`, outputs: { ...inputs, ...outputs } };
    },
    async update({ outputs }, inputs, world) {
      return { ...inputs, ...(await run(inputs.update ?? inputs.create, inputs, outputs, world)) };
    },
    async delete({ outputs }, world) {
      await run(outputs.delete, outputs, outputs, world);
    },
  };
}

/** `command:local:Command`. */
export const localCommand = commandResource({
  file: "local/command",
  check: (inputs) => notDone(inputs, ["assetPaths", "archivePaths"]),
  async run(command, { interpreter, dir, stdin, ...inputs }, { stdout, stderr }, signal, say) {
    const environment = { ...inputs.environment };
    if (inputs.addPreviousOutputInEnv !== false) {
      if (typeof stdout === "string" && stdout !== "") environment.PULUMI_COMMAND_STDOUT = stdout;
      if (typeof stderr === "string" && stderr !== "") environment.PULUMI_COMMAND_STDERR = stderr;
    }
    return await runCommand({ command, interpreter, dir, stdin, environment }, signal, say);
  },
});
