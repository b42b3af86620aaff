import { atProgram, hasOption, operandsOf, type Rule } from "./rule";

const EXACT_MODULE = /@v\d+\.\d+\.\d+(?:[-+][^@]*)?$/;

/** A module at a full version is not listed: Go's checksum database has its content, and its go.mod names the rest. */
export const go: Rule = (call) => {
  const [command = "", ...modules] = operandsOf(call);
  const versioned = modules.filter((text) => text.includes("@"));
  const fetches = command === "get" || (["install", "run"].includes(command) && versioned.length > 0);
  if (!fetches || (versioned.length > 0 && versioned.every((text) => EXACT_MODULE.test(text)))) return [];
  const reason = `go ${command} resolves the module at the time of the build; the project's go.sum does not cover it.`;
  return atProgram(call, "go-install", reason);
};

export const cargo: Rule = (call) => {
  const [command = "", ...crates] = operandsOf(call).filter((text) => !text.startsWith("+"));
  if (!["install", "binstall"].includes(command)) return [];
  const versioned =
    hasOption(call, "--path", "--version", "--vers", "--rev") ||
    crates.some((crate) => /@=?\d+\.\d+\.\d+/.test(crate));
  if (command === "install" && hasOption(call, "--list")) return [];
  if (command === "install" && versioned && hasOption(call, "--locked", "--frozen")) return [];
  const missing = versioned ? "--locked is missing" : "no version with --locked says which";
  const reason = `cargo ${command} resolves crates at the time of the build, and the lock can't hold them: ${missing}.`;
  return atProgram(call, "cargo-install", reason);
};

/** Gems with an exact version are not listed. The gems that those need are compared, but not pinned. */
export const gem: Rule = (call) => {
  const [command = "", ...gems] = operandsOf(call);
  if (!["install", "i", "update"].includes(command)) return [];
  const version = call.args
    .map(({ text }, index) =>
      /^(?:-v|--version)$/.test(text)
        ? call.args[index + 1]?.text
        : /^(?:-v=?|--version=)(.+)$/.exec(text)?.[1],
    )
    .find((text) => text !== undefined);
  const exact = (text: string | undefined): boolean => /^\s*(?:=\s*)?(?:\d|\$)[^,\s<>~]*$/.test(text ?? "");
  const named = gems.filter((text) => text !== version);
  const fixed = (name: string): boolean => exact(/:([^:]+)$/.exec(name)?.[1]) || /\.gem$/.test(name);
  if (command !== "update" && (exact(version) || (named.length > 0 && named.every(fixed)))) return [];
  return atProgram(
    call,
    "gem-install",
    `gem ${command} takes the newest gem that fits at the time of the build.`,
  );
};

const R_INSTALLS =
  /\b(?:install\.packages|update\.packages|install_\w+|biocLite|p_load|(?:BiocManager|pak|renv|devtools|remotes)::(?:install\w*|pkg_install|pak))\s*\(/;

/** R is listed because its repositories keep only the newest version of a package. */
export const r: Rule = (call) => {
  const { name, args, redirects } = call;
  const code = [...args.map(({ text }) => text), ...redirects.map(({ body }) => body?.text ?? "")];
  const installs = name.startsWith("install")
    ? operandsOf(call).length > 0
    : code.some((text) => R_INSTALLS.test(text));
  if (!installs) return [];
  return atProgram(
    call,
    "r-install",
    "R takes the packages that its repository has at the time; R packages are not captured.",
  );
};
