import { atProgram, type Rule, type RunFacts } from "./rule";

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * What git fetches from a remote. It is not listed if the RUN then checks out a full commit, because other content
 * would have another name.
 */
export const gitFetches: Rule = (call, facts) => {
  const plain = call.args.map(({ text }) => text);
  const command = plain.find(
    (text, index) => !text.startsWith("-") && !/^-[cC]$/.test(plain[index - 1] ?? ""),
  );
  if (command === "submodule") {
    if (!plain.some((text) => /^(?:update|add)$/.test(text))) return [];
    const reason =
      "git fetches submodules from their remotes at the time of the build; the lock has none of them.";
    return atProgram(call, "git-submodule", reason);
  }
  if (command === undefined || !["clone", "fetch", "pull"].includes(command)) return [];
  if (plain.some((text) => isCommit(text, facts)) || checksOutCommit(facts)) return [];
  return atProgram(
    call,
    "git-clone",
    "git takes what the remote has at the time of the build; no lock says which commit.",
  );
};

function checksOutCommit(facts: RunFacts): boolean {
  const gits = facts.calls.filter(({ name }) => name === "git");
  const fetched = gits.filter(({ args }) => args.some(({ text }) => /^(?:clone|pull)$/.test(text)));
  return (
    fetched.length <= 1 &&
    gits.some(
      ({ args }) =>
        args.some(({ text }) => /^(?:checkout|switch|reset)$/.test(text)) &&
        args.some(({ text }) => isCommit(text, facts)),
    )
  );
}

function isCommit(text: string, facts: RunFacts): boolean {
  return COMMIT.test(text) || (text.startsWith("$") && COMMIT.test(facts.expand(text) ?? ""));
}
