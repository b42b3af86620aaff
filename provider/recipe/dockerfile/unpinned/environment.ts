import { type ShellCall } from "../shell-calls";
import { type UnpinnedKind } from "./kinds";
import { type UnpinnedCall } from "./rule";

/**
 * The variables through which apt and pip get their pins, and the kind under which a change of them is listed. The value
 * that a recipe gives to a variable that is `refilled` is heeded beside the pins.
 */
const CARRIERS = [
  {
    variable: "APT_CONFIG",
    kind: "apt-config",
    refilled: false,
    users: /^(?:apt|apt-get|apt-fast|aptitude)$/,
  },
  { variable: "PIP_CONSTRAINT", kind: "pip-constraint", refilled: true, users: /^pip[\d.]*$|^pipx$/ },
] as const;
const EXPORTERS = /^(?:export|declare|typeset|readonly|local)$/;
const INSTALLS = /^(?:install|reinstall|upgrade|full-upgrade|dist-upgrade|wheel|download|inject)$/;

/** Commands that set a variable that carries pins to another value, or remove it, for one call or for all that follow. */
export function bypasses(call: ShellCall): UnpinnedCall[] {
  const { name, args, word, environment } = call;
  return CARRIERS.flatMap(({ variable, kind, refilled, users }): UnpinnedCall[] => {
    const found = (at: typeof word, how: string): UnpinnedCall[] => [
      { kind, reason: `${how} ${variable}, which carries the pins.`, word: at },
    ];
    if (name === "unset" && !refilled) {
      const at = args.find(({ text }) => text === variable);
      return at ? found(at, "The command takes away") : [];
    }
    const settings = EXPORTERS.test(name)
      ? args
      : name === "" || users.test(name)
        ? environment.assigned
        : [];
    const set = settings.find(({ text }) => text.startsWith(`${variable}=`));
    if (set && !refilled) return found(set, "The command sets its own");
    if (!users.test(name) || !args.some(({ text }) => INSTALLS.test(text))) return [];
    if (environment.removed.includes(variable) && !refilled) return found(word, "The command takes away");
    const { clearedBy, kept } = environment;
    return clearedBy && !kept.includes(variable) ? found(clearedBy, `${clearedBy.text} takes away`) : [];
  });
}

/** The kind under which an ENV or ARG of this name is listed; null if the variable carries no pins. */
export function carrierKind(variable: string): UnpinnedKind | null {
  return CARRIERS.find((carrier) => carrier.variable === variable && !carrier.refilled)?.kind ?? null;
}
