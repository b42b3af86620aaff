/** `npm run bench [-- <benches> --rounds <number>]` measures with real engines and real archives. */
import { parseArgs } from "node:util";
import { apptainer } from "./apptainer";
import { capture } from "./capture";
import { compare } from "./compare";
import { preview } from "./preview";
import { resultLines, type Result } from "./figures";
import { roundtrip } from "./roundtrip";

const BENCHES: Readonly<Record<string, (rounds: number) => Promise<Result>>> = {
  roundtrip,
  capture,
  compare,
  preview,
  apptainer,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: "string", default: "3" } },
  });
  const rounds = Number(values.rounds);
  const names = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.error(`usage: npm run bench -- [${Object.keys(BENCHES).join("] [")}] [--rounds <1 or more>]`);
    return 2;
  }
  for (const name of names) {
    console.log(`\nbench   ${name}`);
    const result = await BENCHES[name]?.(rounds);
    if (result !== undefined) console.log(resultLines(result).join("\n"));
  }
  return 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
