import { type ShellWord } from "./shell-commands";
import { type UnpinnedCall } from "./unpinned-calls";

const TAKES_VALUE = /^(?:-o|-c|--option|--config-file|-a|--host-architecture|-P|--build-profiles)$/;
const RELEASE_NEXT = /^(?:-[a-zA-Z]*t|--target-release|--default-release)$/;
const RELEASE_HERE = /^(?:-t.|--target-release=|--default-release=)/;
const VERSION = /^[^\s=/-][^\s=/]*=./;
const SUITE = /^[^\s=/.$-][^\s=/]*\/[^\s/=]+$/;

/**
 * The parts of `apt-get install` that go past apt preferences (apt_preferences(5), apt-get(8)): a version or a
 * suite asked for by name.
 */
export function aptInstalls(args: readonly ShellWord[]): UnpinnedCall[] {
  const found: UnpinnedCall[] = [];
  let installs = false;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as ShellWord;
    const { text } = word;
    if (TAKES_VALUE.test(text)) index++;
    else if (RELEASE_NEXT.test(text) || RELEASE_HERE.test(text)) {
      const reason = "A release asked for with -t goes past the preferences that pin packages.";
      found.push({ kind: "apt-release", reason, word });
      if (RELEASE_NEXT.test(text)) index++;
    } else if (text.startsWith("-")) continue;
    else if (text === "install") installs = true;
    else if (VERSION.test(text)) {
      const reason =
        "A version asked for by name goes past the preferences that pin packages, and mirrors drop it.";
      found.push({ kind: "apt-version", reason, word });
    } else if (SUITE.test(text)) {
      const reason = "A suite asked for by name goes past the preferences that pin packages.";
      found.push({ kind: "apt-release", reason, word });
    }
  }
  return installs ? found : [];
}
