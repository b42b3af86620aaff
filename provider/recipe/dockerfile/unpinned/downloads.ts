import { type ShellCall } from "../shell-calls";
import { baseName } from "../shell-wrappers";
import { atProgram, hasOption, type Rule } from "./rule";
import { isVerifiedAfter } from "./verified-files";
import { before } from "../../../base/words/cut";

const SHELLS = /^(?:ba|da|a|z|k|fi)?sh$/;
const INTERPRETERS = /^(?:eval|source|\.|(?:python|perl|ruby|php)[\d.]*|node|nodejs)$/;
const LOCAL = /^(?:file:|(?:[a-z]+:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?:[:/?#]|$))/i;
const ADDRESS = /^[a-z][a-z+.-]*:\/\/|^(?:localhost|127\.\d+\.\d+\.\d+)(?:[:/]|$)/i;

/** A longer pipeline is not followed to its end. The call then counts as a plain download. */
const MAXIMUM_READERS = 20;

/**
 * What a call of curl, wget and the like fetches. Nothing is listed if it names no address, or only one of this
 * machine. A file is not listed either if the same RUN checks it against a checksum in the recipe: then it can't change
 * unnoticed.
 */
export const downloads: Rule = (call, facts) => {
  const operands = call.args.map(({ text }) => text).filter((text) => !text.startsWith("-"));
  const urls = operands.filter((text) => ADDRESS.test(text));
  const onlyLocal = urls.length > 0 && urls.every((url) => LOCAL.test(url));
  // The address may come from a command's output or from xargs.
  const elsewhere = call.args.some((word) => word.substituted || /^-[a-zA-Z]*[oO]$/.test(word.text));
  const asked = elsewhere || hasOption(call, "--url", "-K", "--config", "-i", "--input-file");
  if (onlyLocal || (operands.length === 0 && !asked) || hasOption(call, "--spider", "--help", "--version"))
    return [];
  const { name } = call;
  if (feedsInterpreter(call)) {
    const reason = `A script that ${name} fetches runs unchecked, and may fetch anything; none of that is in the lock.`;
    return atProgram(call, "curl-pipe-shell", reason);
  }
  const files = filesOf(call, urls);
  if (files.length > 0 && files.every((file) => isVerifiedAfter(call, file, facts))) return [];
  const reason = `${name} takes what the address serves at the time of the build; no checksum of it is in the lock.`;
  return atProgram(call, "download", reason);
};

/** The files that the call writes, as written. Empty if they can't be found out. */
function filesOf(call: ShellCall, urls: readonly string[]): string[] {
  const { name, args, redirects } = call;
  const files = redirects
    .filter(({ operator }) => /^>[>|]?$/.test(operator))
    .map(({ target }) => target.text)
    .filter((text) => text !== "/dev/null");
  const named = name === "wget" || name === "wget2" ? "O" : "o";
  const long = named === "O" ? "--output-document" : name === "curl" ? "--output" : "--out";
  const next = new RegExp(`^(?:-[a-zA-Z]*${named}|${long})$`);
  const here = new RegExp(`^(?:-[a-zA-Z]*${named}|${long}=)(.+)$`);
  args.forEach(({ text }, index) => {
    const value = next.test(text) ? args[index + 1]?.text : here.exec(text)?.[1];
    if (value !== undefined && value !== "-") files.push(value);
  });
  const remote =
    name === "curl"
      ? args.some(({ text }) => /^(?:-[a-zA-Z]*O|--remote-name(?:-all)?)$/.test(text))
      : files.length === 0;
  return remote ? [...files, ...urls.map((url) => baseName(before(before(url, "?"), "#")))] : files;
}

function feedsInterpreter(call: ShellCall): boolean {
  const open = call.readBy();
  for (let steps = 0; steps < MAXIMUM_READERS; steps++) {
    const reader = open.pop();
    if (!reader) return false;
    if (runsInput(reader)) return true;
    open.push(...reader.call.readBy());
  }
  return false;
}

/** Whether a reader runs what it reads. `python -m json.tool` and `sh script.sh` only take it as data. */
function runsInput({ call: { name, args }, through }: ReturnType<ShellCall["readBy"]>[number]): boolean {
  if (!SHELLS.test(name) && !INTERPRETERS.test(name)) return false;
  if (through === "word") return true;
  const plain = args.map(({ text }) => text);
  if (SHELLS.test(name) && plain.some((text) => /^-[a-z]*s$/.test(text))) return true;
  if (plain.some((text) => /^-[a-zA-Z]*[cemrnp]$/.test(text) && !SHELLS.test(name))) return false;
  if (plain.some((text) => /^-[a-z]*c$/.test(text))) return false;
  const file = plain.find((text) => !/^[-+]|^pipefail$/.test(text) || text === "-");
  return file === undefined || file === "-" || file.startsWith("/dev/") || file.startsWith("/proc/");
}
