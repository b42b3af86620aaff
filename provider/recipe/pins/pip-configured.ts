/**
 * Python: the constraints that pip's configuration files name for the command that runs. They are read where pip reads them,
 * in the same order: what comes later wins, the command's own section wins over [global], and nothing is read if
 * PIP_CONFIG_FILE is the null device. Text of `pip-customize.ts`, which imports os and sys.
 */
export const PIP_CONFIGURED = String.raw`
def _configured(words):
    command = [one for one in words if one in ('install', 'download', 'wheel', 'lock')][:1]
    own = os.environ.get('PIP_CONFIG_FILE', '')
    if not command or own == os.devnull:
        return []
    try:
        from configparser import RawConfigParser
    except ImportError:
        from ConfigParser import RawConfigParser
    system = os.environ.get('XDG_CONFIG_DIRS', '').strip() or '/etc/xdg'
    files = [os.path.join(one, 'pip', 'pip.conf') for one in system.split(os.pathsep)] + ['/etc/pip.conf']
    if not (own and os.path.exists(own)):
        home = os.path.expanduser('~')
        user = os.environ.get('XDG_CONFIG_HOME', '').strip() or os.path.join(home, '.config')
        files += [os.path.join(home, '.pip', 'pip.conf'), os.path.join(user, 'pip', 'pip.conf')]
    files += [os.path.join(sys.prefix, 'pip.conf')] + ([own] if own else [])
    found = {}
    for file in files:
        parser = RawConfigParser()
        parser.read(file)
        for section in ['global'] + command:
            for key, value in parser.items(section) if parser.has_section(section) else []:
                name = key.lower().replace('_', '-')
                if (name[2:] if name.startswith('--') else name) == 'constraint':
                    found[section] = value
    return (found.get(command[0]) or found.get('global') or '').split()
`;
