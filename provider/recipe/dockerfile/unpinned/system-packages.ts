import { atProgram, operandsOf, type Rule } from "./rule";

const RPM_COMMANDS =
  /^(?:install|in|reinstall|localinstall|groupinstall|group|upgrade|update|up|dist-upgrade|dup|distro-sync|swap|downgrade|builddep|patch)$/;

/** dnf, yum, microdnf, tdnf, zypper and rpm itself. Their packages are compared, but not pinned. */
export const rpm: Rule = (call) => {
  const words = operandsOf(call);
  const { name } = call;
  const installs =
    name === "rpm"
      ? call.args.some(({ text }) =>
          /^(?:-[a-hj-zA-EG-TV-Z]*[iUF][a-zA-Z]*|--(?:install|upgrade|freshen|import))$/.test(text),
        ) &&
        !call.args.some(({ text }) =>
          /^(?:-[a-df-pr-zA-UW-Z]*[qVe][a-zA-Z]*|--(?:query|verify|erase|eval))$/.test(text),
        ) &&
        words.length > 0
      : RPM_COMMANDS.test(words[0] ?? "");
  if (!installs) return [];
  const reason = `${name} takes the versions that the repositories have at the time; rpm packages are compared, but not pinned.`;
  return atProgram(call, "rpm-install", reason);
};

/** pacman's packages are neither pinned nor captured. `-S` installs, but `-Ss` and `-Si` only ask. */
export const pacman: Rule = (call) => {
  if (!call.args.some(({ text }) => /^(?:-S(?![a-z]*[sicgl])[a-z]*|--sync)$/.test(text))) return [];
  const reason =
    "pacman takes what its repositories have at the time; such packages are neither pinned nor captured.";
  return atProgram(call, "other-packages", reason);
};
