import type { ParsedDockerfile } from "../dockerfile/types";

/** What somebody needs to know who builds a locked recipe without this package. */
export interface ByHand {
  /** The locked recipe's file name. Commands are run in its folder. */
  file: string;
  /** The pins: the folder's name, and the name under which the recipe mounts them; null if there are none. */
  pins: { folder: string; reference: string } | null;
  /** Bases without a digest in any registry, and the image that each name must stand for. */
  local: readonly { reference: string; imageId: string }[];
  context: string;
  /** The name that the image gets. */
  tag: string;
  target: string | null;
  platform: string | null;
  /** Named contexts: folders as seen from the locked recipe's folder, and repositories. */
  contexts: Readonly<Record<string, string>>;
  buildArgs: Readonly<Record<string, string>>;
  /** IDs of the build secrets. Their values are not known here. */
  secrets: readonly string[];
}

const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A text as one word for a POSIX shell, on one line. */
function word(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!/[\n\r]/.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `"$(printf '%b' ${word(escaped)})"`;
}

/** The lines at the top of a locked recipe that say how to build it without this package. */
export function byHandLines(facts: ByHand): string[] {
  const { file, pins, local, context, tag, target, platform, contexts, buildArgs, secrets } = facts;
  const bases = local.map(({ reference, imageId }) => `${reference} must be the image ${imageId}`);
  const on = platform === null ? [] : ["--platform", platform];
  const build = [
    ...["docker", "build", "--file", file, "--tag", tag, ...on],
    ...(target === null ? [] : ["--target", target]),
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    ...Object.entries(contexts).flatMap(([name, source]) => ["--build-context", `${name}=${source}`]),
    ...secrets.flatMap((id) => ["--secret", `id=${id},src=PATH-OF-THE-SECRET`]),
    context,
  ];
  const commands = [
    ...(pins === null ? [] : [["docker", "build", "--tag", pins.reference, ...on, pins.folder]]),
    build,
  ].map((words) => `# DOCKER_BUILDKIT=1 ${words.map(word).join(" ")}`);
  const where = "To build this with the packages of its lock, run in this folder";
  return [`# ${[where, ...bases].join("; ")}:`, ...commands];
}

/** A recipe with lines at its top, after the parser directives, which have to come first. */
export function withTopLines(
  { text, lines }: Pick<ParsedDockerfile, "text" | "lines">,
  added: readonly string[],
): string {
  const first = lines.find(
    ({ start, end }) => !/^\s*#\s*[a-zA-Z][a-zA-Z0-9]*\s*=/.test(text.slice(start, end)),
  );
  const at = first?.start ?? text.length;
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return text.slice(0, at) + added.map((line) => line + end).join("") + text.slice(at);
}
