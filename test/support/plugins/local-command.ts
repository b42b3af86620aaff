import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { runCommand } from "./run-command";
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
const NOT_DONE = ["assetPaths", "archivePaths"];

/** `command:local:Command`: runs what it is told, as the real one does. Any input that has changed runs it again. */
export const localCommand: ResourceStandIn = {
  declared: { file: "local/command", name: "CommandArgs" },
  check(inputs) {
    const failures = NOT_DONE.filter((property) => inputs[property] !== undefined).map(
      (property): Failure => ({ property, reason: `the stand-in for command does not do ${property}` }),
    );
    return { inputs, failures };
  },
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
  async update({ outputs: { stdout, stderr } }, inputs, world) {
    const outputs = await run(inputs.update ?? inputs.create, inputs, { stdout, stderr }, world);
    return { ...inputs, ...outputs };
  },
  async delete({ outputs }, world) {
    await run(outputs.delete, outputs, outputs, world);
  },
};

/** Runs one of the three commands; without any, what was written before stays. */
async function run(
  command: unknown,
  inputs: Inputs,
  { stdout, stderr }: Properties,
  { signal, say }: World,
): Promise<Properties> {
  if (typeof command !== "string") return { stdout, stderr };
  const { interpreter, dir, stdin, logging } = inputs;
  const environment = { ...inputs.environment };
  if (inputs.addPreviousOutputInEnv !== false) {
    if (typeof stdout === "string" && stdout !== "") environment.PULUMI_COMMAND_STDOUT = stdout;
    if (typeof stderr === "string" && stderr !== "") environment.PULUMI_COMMAND_STDERR = stderr;
  }
  const isLogged = (stream: string): boolean => [undefined, stream, "stdoutAndStderr"].includes(logging);
  const spec = { command, interpreter, dir, stdin, environment };
  return {
    ...(await runCommand(spec, signal, (line, stream) => (isLogged(stream) ? say(line) : undefined))),
  };
}
