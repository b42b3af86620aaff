import { Option } from "commander";
import { REVISION_VARIABLE } from "../gate-answer";
import { limit } from "./numbers";

/** `--expected-revision` */
export function expectedRevisionOption(): Option {
  return new Option("--expected-revision <sha>", `full git revision (default: ${REVISION_VARIABLE})`);
}

/** `--worktree` */
export function worktreeOption(): Option {
  return new Option(
    "--worktree <directory>",
    "git work tree in which the expected revision has to be a commit",
  );
}

/** `--branch` */
export function branchOption(): Option {
  return new Option(
    "--branch <name>",
    "branch of the work tree that has to contain the commit, such as main or origin/main",
  );
}

/** `--dirty` */
export function dirtyOption(): Option {
  return new Option(
    "--dirty <warn|refuse>",
    "whether changed files in the work tree are a refusal (default: warn)",
  );
}

/** `--timeout` */
export function timeoutOption(): Option {
  return new Option(
    "--timeout <what=seconds>",
    "limit for a question to the engine (inspect) or to git (git), repeatable",
  ).argParser(limit);
}
