import { Option } from "commander";
import { ROOT_VARIABLE } from "../store-root";

/** Flags that most commands take. */
export interface CommonFlags {
  root?: string;
  json?: boolean;
}

/** `--root` */
export function rootOption(): Option {
  return new Option("--root <directory>", `the artifact store (default: ${ROOT_VARIABLE}; never guessed)`);
}

/** `--host` */
export function hostOption(): Option {
  return new Option(
    "--host <endpoint>",
    "unix://, tcp://, ssh://user@host or a Docker context's name (default: the user's current one)",
  );
}

/** `--json` */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON document on standard output, and nothing else there");
}

/** Examples at the end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ verified-images ${line}\n`).join("")}`;
}
