import { atProgram, hasOption, operandsOf, type Rule } from "./rule";

const RPM_COMMANDS =
  /^(?:install|in|reinstall|localinstall|groupinstall|group|upgrade|update|up|dist-upgrade|dup|distro-sync|swap|downgrade|builddep|patch)$/;

/** dnf, yum, microdnf, tdnf, zypper and rpm itself. Their packages are compared, but not pinned. */
export const rpm: Rule = (call) => {
  const words = operandsOf(call);
  const { name } = call;
  const installs =
    name === "rpm"
      ? call.args.some(({ text }) =>
          /^(?:-[a-zA-Z]*[iUF][a-zA-Z]*|--(?:install|upgrade|freshen|import))$/.test(text),
        ) &&
        !call.args.some(({ text }) =>
          /^(?:-[a-zA-Z]*[qVe][a-zA-Z]*|--(?:query|verify|erase|eval))$/.test(text),
        ) &&
        words.length > 0
      : RPM_COMMANDS.test(words[0] ?? "");
  if (!installs) return [];
  const reason = `${name} takes the versions that the repositories have at the time; rpm packages are compared, but not pinned.`;
  return atProgram(call, "rpm-install", reason);
};

export const apk: Rule = (call) => {
  const [command = ""] = operandsOf(call);
  if (!["add", "upgrade", "fix"].includes(command) || hasOption(call, "--no-network")) return [];
  const reason = `apk ${command} takes the versions that the repositories have at the time; apk packages are compared, but not pinned.`;
  return atProgram(call, "apk-add", reason);
};

export const conda: Rule = (call) => {
  const [first = "", second = ""] = operandsOf(call);
  const command = first === "env" ? second : first;
  if (!/^(?:install|create|update|upgrade)$/.test(command) || hasOption(call, "--offline", "--dry-run"))
    return [];
  const reason = `${call.name} chooses from what the channels have at the time; conda packages are compared, but not pinned.`;
  return atProgram(call, "conda-install", reason);
};

const OTHERS: Readonly<Record<string, RegExp>> = {
  pacman: /^(?:-S[a-z]*|--sync)$/,
  "xbps-install": /./,
  emerge: /^[a-z@]/,
  "nix-env": /^(?:-i|--install|-iA)$/,
  opkg: /^(?:install|upgrade)$/,
  brew: /^(?:install|upgrade)$/,
  snap: /^install$/,
  flatpak: /^install$/,
};

/** Package managers whose packages are neither pinned nor captured. */
export const otherSystems: Rule = (call) => {
  const sign = Object.hasOwn(OTHERS, call.name) ? OTHERS[call.name] : undefined;
  if (!sign || !call.args.some(({ text }) => sign.test(text))) return [];
  const reason = `${call.name} takes what its repositories have at the time; such packages are neither pinned nor captured.`;
  return atProgram(call, "other-packages", reason);
};
