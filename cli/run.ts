import { CommanderError } from "commander";
import { EXIT, exitCodeOf, usageCode } from "./exit-code";
import { failureDocument, failureText } from "./output/failure";
import { makeProgram } from "./program";
import { told } from "../provider/base/errors/system-error";
import { hideCredentials } from "../provider/base/words/credentials";
import { visibleJson, visibleLines } from "../provider/base/words/visible";
import type { World } from "./world";

/**
 * The name of the command on a command line: its first word. If flags were put first by mistake, it is the first word that
 * is a command's name; undefined: there is none.
 */
function commandOf(words: readonly string[], names: readonly string[]): string | undefined {
  const [first] = words;
  return first?.startsWith("-") ? words.find((word) => names.includes(word)) : first;
}

/**
 * Runs one command line.
 *
 * @param words the arguments, without node and script
 * @returns the exit code
 */
export async function runCommand(words: readonly string[], given: World): Promise<number> {
  const world: World = {
    ...given,
    out: (text) => given.out(visibleLines(text)),
    err: (text) => given.err(visibleLines(hideCredentials(text))),
  };
  const json = words.includes("--json");
  const print = (document: unknown): void => world.out(`${visibleJson(document)}\n`);
  let code: number = EXIT.yes;
  const program = makeProgram(world, (answer) => {
    code = answer.code;
    if (json) print(answer.document);
    else world.out(answer.text);
  });
  const command = commandOf(
    words,
    program.commands.map((one) => one.name()),
  );
  try {
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (thrown) {
    const error = told(thrown);
    if (error instanceof CommanderError) {
      // Code 0: the user asked for help or the version. Help because the command is missing is an error.
      if (error.exitCode === 0) return EXIT.yes;
      if (json) print({ error: { code: "usage", message: error.message.replace(/^error: /, "") } });
      return usageCode(command);
    }
    world.err(failureText(error));
    if (json) print(failureDocument(error));
    return exitCodeOf(error, command);
  }
}
