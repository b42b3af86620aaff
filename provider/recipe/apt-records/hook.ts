/** What begins every line that the hook prints. */
export const MARKER = "verified-images-apt";

/**
 * A shell that nobody else's hook names like this: apt looks a hook's options up by its first word (apt.conf(5)), and
 * the protocol that other hooks speak must stay theirs.
 */
const SHELL = "/bin/./sh";

/**
 * Lines of an apt.conf(5) that have a script read what apt is about to unpack. Whatever becomes of the script, also
 * where it can't be seen (in a chroot), apt goes on.
 *
 * @param script where a RUN sees the script
 */
export function hookConfiguration(script: string): string[] {
  return [
    `DPkg::Pre-Install-Pkgs { "${SHELL} ${script} || cat > /dev/null || true"; };`,
    `DPkg::Tools::Options::${SHELL}::Version "3";`,
  ];
}

/**
 * The script, for any POSIX shell with sha256sum (coreutils, essential in Debian). It prints a line for each package
 * file, and in the end how many there were:
 *
 *     verified-images-apt <nonce> <name> <version> <foreign architecture or -> <sha256 or ->
 *     verified-images-apt <nonce> end <count>
 *
 * The lines go to the standard error of the RUN itself, thus into the build's log although apt's own output is thrown
 * away: BuildKit limits the log of each stream of a step, and most of what commands print is on the other one. If that
 * is no pipe, they go to the RUN's standard output, or to either's copy: dash redirects a command's output for the whole
 * shell, and keeps what was there above descriptor 10. A pipe that a process in here reads is not the log, and one that
 * was not opened for writing (proc(5), fdinfo) has no reader who would take anything.
 *
 * @param nonce known to one build only, so that nothing else prints such a line
 */
export function hookScript(nonce: string): string {
  return `# Prints which packages apt is about to unpack. Reads version 3 of the protocol of apt.conf(5).
log=/dev/null
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
native=
while IFS= read -r line && [ -n "$line" ]; do
  case $line in APT::Architecture=*) native=\${line#*=} ;; esac
done
count=0
{
  printf '\\n'
  while read -r name old oldarch oldmulti direction version arch multi file; do
    [ -f "$file" ] || continue
    sum=$(sha256sum < "$file")
    sum=\${sum%% *}
    case $arch in all | "$native") arch=- ;; esac
    printf '%s %s %s %s %s\\n' '${MARKER} ${nonce}' "$name" "$version" "$arch" "\${sum:--}"
    count=$((count + 1))
  done
  printf '%s end %s\\n' '${MARKER} ${nonce}' "$count"
} 2> /dev/null > "$log"
`;
}
