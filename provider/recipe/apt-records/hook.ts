import { PIN_TARGET } from "../pins/pinned-stage";

/** The beginning of every line that the hook prints. */
export const MARKER = "verified-images-apt";

/**
 * The shell for the hook's script. apt finds the options of a hook by its first word (apt.conf(5)). Nobody else's hook
 * uses this way to write the path, so the protocol version of other hooks is not changed.
 */
const SHELL = "/bin/./sh";

/**
 * Lines of an apt.conf(5) that make a script read what apt is about to unpack. If the script fails or can't be seen (in
 * a chroot), apt goes on.
 *
 * @param script the path at which a RUN sees the script
 */
export function hookConfiguration(script: string): string[] {
  return [
    `DPkg::Pre-Install-Pkgs { "${SHELL} ${script} || cat > /dev/null || true"; };`,
    `DPkg::Tools::Options::${SHELL}::Version "3";`,
  ];
}

/**
 * The script. It runs in any POSIX shell and needs sha256sum (coreutils, essential in Debian). It prints a line for
 * each package file, and at the end how many there were:
 *
 *     verified-images-apt <nonce> <name> <version> <foreign architecture or -> <sha256 or ->
 *     verified-images-apt <nonce> end <count>
 *
 * Before these comes a line for each setting that makes apt read other preferences than its own or the pins':
 *
 *     verified-images-apt <nonce> preferences <path>
 *
 * The lines go to the standard error of the RUN itself. So they get into the build's log even if the recipe throws
 * apt's own output away. BuildKit limits the log of each stream of a step, and most commands print more on the other
 * stream.
 *
 * If the RUN's standard error is no pipe, the lines go to its standard output, or to a copy of either one: dash
 * redirects a command's output for the whole shell, and keeps the original at descriptor 10 or above. If the RUN's first
 * process is apt itself, its descriptors can't be read, and the hook's own standard error is taken. A pipe is not the
 * log if a process in the container reads from it. A pipe that was not opened for writing (proc(5), fdinfo) has no
 * reader.
 *
 * @param nonce known to one build only, so that nothing else can print such a line
 */
export function hookScript(nonce: string): string {
  return `${INTRODUCTION}${FIND_LOG}${body(nonce, PIN_TARGET)}`;
}

/**
 * The script for a build whose commands can write to a file outside of the image.
 *
 * @param file where the lines go; a shell's word
 * @param pins the folder whose preferences are the pins
 */
export function hookScriptTo(file: string, pins: string, nonce: string): string {
  return `${INTRODUCTION}log=${file}\n${body(nonce, pins).replace('} > "$log"', '} >> "$log"')}`;
}

const INTRODUCTION =
  "# Prints which packages apt is about to unpack. Reads version 3 of the protocol of apt.conf(5).\n";

/** Finds the log of a RUN. */
const FIND_LOG = `log=/dev/null
for out in /proc/1/fd/2 /proc/1/fd/1 /proc/1/fd/1[0-9] /proc/self/fd/2; do
  [ -p "$out" ] || continue
  { read -r key flags && read -r key flags; } < "\${out%/fd/*}/fdinfo/\${out##*/}" || continue
  case $flags in *[12]) ;; *) continue ;; esac
  for in in /proc/[0-9]*/fd/0; do
    [ "$in" -ef "$out" ] && continue 2
  done
  log=$out
  break
done
`;

const body = (nonce: string, pins: string): string => `native=
preferences=
while IFS= read -r line && [ -n "$line" ]; do
  value=\${line#*=}
  case $line in
    APT::Architecture=*) native=$value ;;
    [Dd]ir::[Ee]tc::[Pp]references=* | [Dd]ir::[Ee]tc::[Pp]references[Pp]arts=*)
      case $value in preferences | preferences.d | ${pins}/*) ;; *) preferences="$preferences $value" ;; esac ;;
  esac
done
count=0
{
  printf '\\n'
  for path in $preferences; do
    printf '%s preferences %s\\n' '${MARKER} ${nonce}' "$path"
  done
  while read -r name old oldarch oldmulti direction version arch multi file; do
    [ -f "$file" ] || continue
    sum=$(sha256sum < "$file")
    sum=\${sum%% *}
    case $arch in all | "$native") arch=- ;; esac
    printf '%s %s %s %s %s\\n' '${MARKER} ${nonce}' "$name" "$version" "$arch" "\${sum:--}"
    count=$((count + 1))
  done
  printf '%s end %s\\n' '${MARKER} ${nonce}' "$count"
} > "$log" 2> /dev/null
`;
