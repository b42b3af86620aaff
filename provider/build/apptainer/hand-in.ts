import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../base/process/temporary";
import { hookConfiguration, hookScriptTo, MARKER } from "../../recipe/apt-records/hook";
import { readAptLines } from "../../recipe/apt-records/read-records";
import type { StageRecords } from "../../recipe/apt-records/stage-records";
import { privateBundle } from "../../recipe/ca-bundle/bundle";
import { BUILD_VARIABLES } from "../../recipe/ca-bundle/inject";
import { GIVEN, PINS } from "../../recipe/definition/locked";
import { runsAnything } from "../../recipe/definition/scripts";
import type { ParsedDefinition } from "../../recipe/definition/types";
import { aptConfiguration } from "../../recipe/pins/apt";
import type { PinFile } from "../../recipe/pins/pin-files";
import { APT_CONFIGURATION } from "../../recipe/pins/pinned-stage";

/** A file that the engine puts into every image, empty unless the image has apps, and reads before each `%post`. */
const SOURCED = "/.singularity.d/env/94-appsbase.sh";

/** What one build gets besides its definition, and what it leaves for us. Nothing of it gets into the image. */
export interface SifHandedIn {
  /** For the engine's `--bind`. */
  binds: string[];
  /** A folder for the engine's own temporary files. */
  temporary: string;
  /** A folder for the files of this build. */
  folder: string;
  /** What apt unpacked, by the stage's index. */
  aptRecords(parsed: ParsedDefinition): Promise<Map<number, StageRecords>>;
  dispose(): Promise<void>;
}

/**
 * Prepares what a build gets: a fresh /tmp, so that no build sees what another one left there, with CA certificates, the
 * hook by which apt reports what it unpacks, and the pins; and a script that the engine reads before each `%post`, which
 * sets the variables that point there. A variable that the base image sets stays.
 */
export async function handInSif({
  revision,
  pins,
}: {
  revision: string | null;
  pins: readonly PinFile[];
}): Promise<SifHandedIn> {
  const nonce = randomBytes(8).toString("hex");
  const folder = await temporaryFolder("sif");
  const tmp = join(folder, "tmp");
  const given = join(tmp, GIVEN.slice("/tmp/".length));
  const temporary = join(folder, "engine");
  const records = join(given, "records");
  const write = async (path: string, text: string, mode = 0o644): Promise<void> => {
    const file = join(given, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, mode);
  };
  await mkdir(temporary);
  await mkdir(given, { recursive: true });
  await chmod(tmp, 0o1777);
  const bundle = await privateBundle();
  const certificates = `${GIVEN}/ca.pem`;
  if (bundle !== null) await write("ca.pem", bundle);
  const apt = [
    ...(bundle === null ? [] : [`Acquire::https::CaInfo "${certificates}";`]),
    ...hookConfiguration(`${GIVEN}/record`),
  ];
  const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join("");
  await write("record", hookScriptTo(`${GIVEN}/records`, PINS, nonce));
  await write("records", "", 0o666);
  await write(APT_CONFIGURATION, lines(apt));
  for (const { path, text } of pins) {
    const isApt = path.endsWith(`/${APT_CONFIGURATION}`);
    await write(
      join("pins", path),
      isApt && text !== "" ? lines([...aptOf(path), ...apt]) : isApt ? lines(apt) : text,
    );
  }
  const script = join(folder, "environment.sh");
  const certificate =
    bundle === null ? [] : BUILD_VARIABLES.map((name) => `: "\${${name}:=${certificates}}"; export ${name}`);
  await writeFile(
    script,
    lines([
      `echo "${MARKER} ${nonce} stage $APPTAINER_CONTAINER" >> ${GIVEN}/records`,
      `export APT_CONFIG=${GIVEN}/${APT_CONFIGURATION}`,
      ...certificate,
      ...(revision === null ? [] : [`export GIT_SHA=${revision}`]),
    ]),
  );
  await chmod(script, 0o644);
  return {
    binds: [`${tmp}:/tmp`, `${script}:${SOURCED}:ro`],
    ...{ temporary, folder },
    aptRecords: async (parsed) => placeSifRecords(await readFile(records, "utf8"), nonce, parsed),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}

/** apt's preferences of one folder of pins. */
const aptOf = (path: string): string[] => aptConfiguration(`${PINS}/${dirname(path)}`);

/**
 * The records of a build, by the index of their stage. Stages are built one after the other, each in a folder of its own,
 * so the folders stand for the stages that run something, in order.
 */
export function placeSifRecords(
  text: string,
  nonce: string,
  parsed: Pick<ParsedDefinition, "stages">,
): Map<number, StageRecords> {
  const prefix = `${MARKER} ${nonce} `;
  const running = parsed.stages.filter(runsAnything).map(({ index }) => index);
  const folders: string[] = [];
  const lines = new Map<number, string[]>();
  let current: string[] = [];
  for (const line of text.split("\n")) {
    if (!line.startsWith(prefix)) continue;
    const rest = line.slice(prefix.length);
    if (!rest.startsWith("stage ")) {
      current.push(rest);
      continue;
    }
    const container = rest.slice("stage ".length);
    if (!folders.includes(container)) folders.push(container);
    const stage = running[folders.indexOf(container)] ?? -1;
    current = lines.get(stage) ?? [];
    lines.set(stage, current);
  }
  return new Map([...lines].map(([stage, own]) => [stage, readAptLines(own)]));
}
