import { type ShellCall } from "./shell-calls";
import { type UnpinnedCall } from "./unpinned-calls";

const INTERPRETERS =
  /^(?:(?:ba|da|a|z|k|fi)?sh|eval|source|\.|python[\d.]*|perl[\d.]*|ruby[\d.]*|node|nodejs|php[\d.]*)$/;
const LOCAL = /^(?:file:|[a-z]+:\/\/(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?:[:/?#]|$))/i;

/** Longer pipelines are no longer followed: the call then counts as a plain download. */
const MAXIMUM_READERS = 20;

/** What a call of curl or wget fetches: nothing where it names no address or only this machine's own. */
export function downloads(call: ShellCall): UnpinnedCall[] {
  const operands = call.args.map(({ text }) => text).filter((text) => !text.startsWith("-"));
  const urls = operands.filter((text) => /^[a-z]+:/i.test(text));
  const onlyLocal = urls.length > 0 && urls.every((url) => LOCAL.test(url));
  const asked = call.args.some(({ text }) => /^--url=/.test(text));
  if (onlyLocal || (operands.length === 0 && !asked)) return [];
  const { name, word } = call;
  if (feedsInterpreter(call)) {
    const reason = `A script fetched by ${name} runs as it comes, and fetches what it likes; nothing of that is locked.`;
    return [{ kind: "curl-pipe-shell", reason, word }];
  }
  const reason = `${name} takes what the address serves at the time of the build; no checksum of it is in the lock.`;
  return [{ kind: "download", reason, word }];
}

function feedsInterpreter(call: ShellCall): boolean {
  const open = call.readBy();
  for (let steps = 0; steps < MAXIMUM_READERS; steps++) {
    const reader = open.pop();
    if (!reader) return false;
    if (INTERPRETERS.test(reader.name)) return true;
    open.push(...reader.readBy());
  }
  return false;
}
