import { Option } from "commander";
import { REVISION_VARIABLE } from "../gate-answer";
import { limit } from "./numbers";

/** Which revision an image has to be of. */
export function expectedRevisionOption(): Option {
  return new Option("--expected-revision <sha>", `full git revision (else ${REVISION_VARIABLE})`);
}

/** Where the expected revision has to be a commit. */
export function worktreeOption(): Option {
  return new Option(
    "--worktree <directory>",
    "git work tree in which the expected revision has to be a commit",
  );
}

/** What has to have that commit. */
export function branchOption(): Option {
  return new Option(
    "--branch <name>",
    "branch of it that has to have the commit, such as main or origin/main",
  );
}

/** What a work tree with changes means. */
export function dirtyOption(): Option {
  return new Option("--dirty <warn|refuse>", "what changed files in the work tree mean (default: warn)");
}

/** How long the engine and git may take to answer. */
export function timeoutOption(): Option {
  return new Option(
    "--timeout <what=seconds>",
    "limit for a question to the engine (inspect) or to git (git), repeatable",
  ).argParser(limit);
}
