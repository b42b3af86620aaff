import { VerifiedImagesError } from "../provider/base/errors/base";
import { DEFAULT_RETAIN } from "../provider/inputs/image-inputs";

/** The settings file in a store's root. */
export const SETTINGS_FILE = "verified-images.json";
const RETAIN_VARIABLE = "VERIFIED_IMAGES_RETAIN";
const REQUIRE_VARIABLE = "VERIFIED_IMAGES_REQUIRE_VERIFIED";

/** A bad setting. It is not ignored, because that could weaken the gate. */
export class SettingsError extends VerifiedImagesError {
  constructor(message: string) {
    super("settings", message);
  }
}

/** Where settings come from; each overrides those above it. */
export interface SettingSources {
  /** The contents of `verified-images.json`; null: there is no such file. */
  file: Readonly<Record<string, unknown>> | null;
  env: Readonly<Record<string, string | undefined>>;
  flags: { retain?: number; requireVerified?: boolean };
}

const KNOWN = ["retain", "requireVerified"];

function isRetain(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

/** How many builds an artifact keeps. A bad value in the file or the environment gives a warning and is ignored. */
export function retainSetting({ file, env, flags }: SettingSources): { value: number; warnings: string[] } {
  const warnings: string[] = [];
  let value = DEFAULT_RETAIN;
  const take = (name: string, given: unknown, shown: unknown): void => {
    if (isRetain(given)) value = given;
    else {
      const words = `${name} is ${JSON.stringify(shown)}, expected a whole number of at least 1`;
      warnings.push(`${words}; ${value} is taken instead`);
    }
  };
  if (file?.retain !== undefined) take(`retain in ${SETTINGS_FILE}`, file.retain, file.retain);
  const text = env[RETAIN_VARIABLE];
  if (text !== undefined) take(RETAIN_VARIABLE, /^\d+$/.test(text) ? Number(text) : null, text);
  if (flags.retain !== undefined) value = flags.retain;
  for (const key of Object.keys(file ?? {})) {
    if (!KNOWN.includes(key)) warnings.push(unknownKey(key));
  }
  return { value, warnings };
}

function unknownKey(key: string): string {
  return `${SETTINGS_FILE} has ${JSON.stringify(key)}, which is no setting; the settings are ${KNOWN.join(", ")}`;
}

const WORDS: Record<string, boolean> = { true: true, "1": true, false: false, "0": false };

/**
 * Whether an image has to be verified. A bad value or a misspelt key is an error, because it may have been meant to demand
 * that. With a flag, nothing else is read.
 *
 * @param unset the answer if nothing is set
 * @throws {SettingsError} for a bad value or an unknown key
 */
export function requireVerifiedSetting({ file, env, flags }: SettingSources, unset = false): boolean {
  if (flags.requireVerified !== undefined) return flags.requireVerified;
  const text = env[REQUIRE_VARIABLE];
  if (text !== undefined) {
    const known = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
    if (known !== undefined) return known;
    throw new SettingsError(
      `${REQUIRE_VARIABLE} is ${JSON.stringify(text)}, expected true, 1, false or 0; it could weaken a gate, so nothing is assumed`,
    );
  }
  const strange = Object.keys(file ?? {}).find((key) => !KNOWN.includes(key));
  if (strange !== undefined) {
    throw new SettingsError(`${unknownKey(strange)}; it could weaken a gate, so nothing is assumed`);
  }
  const value = file?.requireVerified;
  if (value === undefined || typeof value === "boolean") return value ?? unset;
  throw new SettingsError(
    `requireVerified in ${SETTINGS_FILE} is ${JSON.stringify(value)}, expected true or false; it could weaken a gate, so nothing is assumed`,
  );
}
