import { execFileSync } from "node:child_process";

/**
 * The shell command of a RUN instruction, its lines joined as Docker joins them: the continuation character
 * and what blanks follow it go, and so do comments and empty lines among the continued ones.
 */
export function commandOf(instruction: string, escape: string): string {
  const continued = new RegExp(`${escape === "\\" ? "\\\\" : escape}[ \\t]*$`);
  const lines = instruction.split("\n");
  const kept = lines.filter((line, index) => index === 0 || !/^\s*(?:#.*)?$/.test(line));
  const joined = kept.map((line, index) => {
    const more = continued.test(line);
    if (more !== index < kept.length - 1)
      throw new Error(`the instruction ends at line ${index + 1}: ${line}`);
    return line.replace(continued, "");
  });
  const command = /^RUN (.*)$/s.exec(joined.join(""))?.[1];
  if (command === undefined) throw new Error(`no RUN: ${instruction.slice(0, 80)}`);
  return command;
}

/** Runs RUN instructions as a build does: each one a `/bin/sh -c` of its own. */
export function runInstructions(instructions: readonly string[], escape: string): void {
  for (const instruction of instructions) {
    execFileSync("/bin/sh", ["-c", commandOf(instruction, escape)], { stdio: ["ignore", "pipe", "pipe"] });
  }
}
