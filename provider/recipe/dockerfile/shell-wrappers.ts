import { type ShellWord } from "./shell-commands";

/** How the words before a program change its environment. */
export interface CallEnvironment {
  /** Words of the form `NAME=value`. */
  assigned: ShellWord[];
  /** Names that `env -u` removes. */
  removed: string[];
  /** The wrapper that removes all variables that it is not told to keep (`env -i`, `sudo`); null if none does. */
  clearedBy: ShellWord | null;
  /** Names that `sudo --preserve-env=` keeps. */
  kept: string[];
}

interface Wrapper {
  /** Options whose value is the next word. */
  values?: RegExp;
  /** How many words of its own come between its options and the program. */
  operands?: number;
}

/** Programs that run another program. It follows after their own options (see their manual pages). */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo: {
    values:
      /^(?:-[a-zA-Z]*[ughpCrtTUDR]|--(?:user|group|host|prompt|chdir|role|type|chroot|other-user|close-from|command-timeout))$/,
  },
  doas: { values: /^-[uC]$/ },
  env: { values: /^(?:-[uCS]|--unset|--chdir|--split-string)$/ },
  exec: { values: /^-[cl]*a$/ },
  command: {},
  builtin: {},
  nohup: {},
  setsid: {},
  nice: { values: /^(?:-n|--adjustment)$/ },
  ionice: { values: /^(?:-c|-n|--class|--classdata)$/ },
  timeout: { values: /^(?:-k|-s|--kill-after|--signal)$/, operands: 1 },
  xargs: {
    values:
      /^(?:-[aEIndLPs]|--(?:arg-file|delimiter|max-args|max-procs|max-lines|max-chars|replace|process-slot-var))$/,
  },
  time: { values: /^(?:-f|-o|--format|--output)$/ },
  stdbuf: { values: /^(?:-[ioe]|--(?:input|output|error))$/ },
  chroot: { operands: 1 },
  gosu: { operands: 1 },
  "su-exec": { operands: 1 },
  setpriv: {
    values: /^--(?:reuid|regid|groups|inh-caps|ambient-caps|bounding-set|securebits|selinux-label)$/,
  },
  runuser: { values: /^(?:-[ugG]|--user|--group)$/ },
  retry: { values: /^-[a-zA-Z]$/ },
  flock: { values: /^(?:-[wE]|--timeout|--wait)$/, operands: 1 },
  eatmydata: {},
  fakeroot: {},
  tini: {},
  "dumb-init": {},
  busybox: {},
  toybox: {},
  torsocks: {},
  proxychains: {},
  proxychains4: {},
  linux32: {},
  linux64: {},
  unbuffer: {},
  chronic: {},
  "xvfb-run": { values: /^(?:-[enpsw]|--(?:error-file|server-num|server-args|wait|xauth-protocol))$/ },
  taskset: { operands: 1 },
  chrt: { operands: 1 },
  numactl: {},
  unshare: {},
  strace: { values: /^-[eopsuE]$/ },
  catchsegv: {},
  ccache: {},
  sccache: {},
  parallel: { values: /^-[jaI]$/ },
  setuidgid: { operands: 1 },
  "s6-setuidgid": { operands: 1 },
  "with-contenv": {},
};
const KEYWORDS = new Set(["if", "then", "elif", "else", "while", "until", "do", "!", "{"]);
const CONDITIONS = new Set(["if", "elif", "while", "until", "!"]);
const MAXIMUM_WRAPPERS = 8;

/** Which of a command's words is the program, and what comes before it. */
interface Unwrapped {
  at: number;
  environment: CallEnvironment;
  /** True if the command's exit code only decides what runs next. */
  condition: boolean;
}

/** Skips assignments, keywords of the shell, and programs that only run another one. */
export function unwrap(words: readonly ShellWord[]): Unwrapped {
  const environment: CallEnvironment = { assigned: [], removed: [], clearedBy: null, kept: [] };
  const last = words.length - 1;
  let condition = false;
  let at = 0;
  if (text(0) === "function") at = Math.min(2, last);
  for (; at < last && (KEYWORDS.has(text(at)) || isAssignment(text(at))); at++) {
    condition ||= CONDITIONS.has(text(at));
    if (isAssignment(text(at))) environment.assigned.push(words[at] as ShellWord);
  }
  for (let rounds = 0; rounds < MAXIMUM_WRAPPERS; rounds++) {
    const next = afterWrapper(at);
    if (next === null || next > last) break;
    at = next;
  }
  return { at, environment, condition };

  function text(index: number): string {
    return words[index]?.text ?? "";
  }

  /** The index after a wrapper at `start` with its options and operands. Null if there is no wrapper. */
  function afterWrapper(start: number): number | null {
    const name = baseName(text(start));
    const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
    if (!wrapper || (name === "command" && /^-[vV]$/.test(text(start + 1)))) return null;
    if (takesScript(name, words.slice(start + 1))) return null;
    const assigned: ShellWord[] = [];
    let index = start + 1;
    let operands = wrapper.operands ?? 0;
    let cleared = name === "sudo" || name === "doas";
    for (; index <= last; index++) {
      const word = text(index);
      if (word === "-" && name === "env") cleared = true;
      else if (word.startsWith("-") && word !== "-") {
        if (name === "env" && /^(?:-[a-hj-z]*i[a-z]*|--ignore-environment)$/.test(word)) cleared = true;
        if (name === "env" && /^(?:-u.|--unset=)/.test(word)) {
          environment.removed.push(word.replace(/^(?:-u|--unset=)/, ""));
        }
        if (name === "env" && /^(?:-u|--unset)$/.test(word)) environment.removed.push(text(index + 1));
        if (name === "sudo" && /^(?:-[a-zA-DF-Z]*E[a-zA-Z]*|--preserve-env)$/.test(word)) cleared = false;
        if (name === "sudo" && word.startsWith("--preserve-env=")) {
          environment.kept.push(...word.slice("--preserve-env=".length).split(","));
        }
        if (wrapper.values?.test(word)) index++;
      } else if (isAssignment(word)) assigned.push(words[index] as ShellWord);
      else if (operands > 0) operands--;
      else if (name !== "retry" || !/^\d+$/.test(word)) break;
    }
    if (index > last) return null;
    if (cleared) environment.clearedBy = words[start] as ShellWord;
    if (cleared) environment.assigned = [];
    environment.assigned.push(...assigned);
    return index;
  }
}

/** Whether `runuser` or `flock` gets a script with `-c` here, and not a program with its arguments. */
function takesScript(name: string, rest: readonly ShellWord[]): boolean {
  const option = rest.findIndex(({ text }) => /^(?:-[a-z]*c|--command)$/.test(text));
  if (option === -1) return false;
  if (name === "runuser") return !rest.some(({ text }) => /^(?:-u|--user(?:=.*)?)$/.test(text));
  return name === "flock" && !rest.slice(0, option).some(({ text }) => /(?:^|\/)\w*sh$/.test(text));
}

export function isAssignment(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(text);
}

/** The last part of a path. */
export function baseName(text: string): string {
  return text.slice(text.lastIndexOf("/") + 1);
}
