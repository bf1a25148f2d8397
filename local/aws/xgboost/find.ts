/**
 * Where XGBoost's C library may be on this machine.
 *
 * The library is not part of any npm package, so the local SageMaker uses one that is installed: the same library
 * that Python's xgboost uses, and so the same predictions to the last bit.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The version of SageMaker's newest container (sagemaker-xgboost:3.2-0), which setup fetches where there is none. */
export const WHEEL_VERSION = '3.2.0';

const ON_MAC = process.platform === 'darwin';
const LIBRARY = ON_MAC ? /^libxgboost\.dylib$/ : /^libxgboost\.so(\.\d+)*$/;

/** The local cloud's own folder for a library, in the user's cache: all checkouts share it, nothing else uses it. */
export function ownFolder(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ON_MAC ? join('Library', 'Caches') : '.cache');
  return join(cache, 'local-cloud', `xgboost-${WHEEL_VERSION}`);
}

/** Folders in which a system package or Homebrew puts shared libraries. */
function systemFolders(): string[] {
  if (ON_MAC) return ['/opt/homebrew/lib', '/opt/homebrew/opt/xgboost/lib', '/usr/local/lib'];
  const usrLib = existsSync('/usr/lib') ? readdirSync('/usr/lib', { withFileTypes: true }) : [];
  const multiarch = usrLib.filter((e) => e.isDirectory() && e.name.includes('-linux-')).map((e) => e.name);
  return [
    ...multiarch.map((name) => join('/usr/lib', name)),
    '/usr/lib',
    '/usr/lib64',
    '/usr/local/lib',
    '/usr/local/lib64',
    '/home/linuxbrew/.linuxbrew/lib',
  ];
}

/** The library in one folder, or undefined. The shortest name is the most general link. */
function findInFolder(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((name) => LIBRARY.test(name));
  names.sort((a, b) => a.length - b.length);
  return names[0] && join(folder, names[0]);
}

/** Where Python's xgboost package and conda have theirs: costs a Python start, hence asked last. */
function pythonFolders(): string[] {
  const script =
    "import importlib.util as u, os, sys; s = u.find_spec('xgboost'); print(os.path.dirname(s.origin) if s else ''); print(sys.prefix)";
  try {
    const [xgboost, prefix] = execFileSync('python3', ['-c', script], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: 'pipe',
    }).split('\n');
    return [xgboost, prefix].filter((folder) => !!folder).map((folder) => join(folder!, 'lib'));
  } catch {
    return []; // No Python on this machine: one place fewer to look in.
  }
}

/**
 * The library files of this machine, the best first: the local cloud's own folder, the system's or Homebrew's, the
 * one inside Python's package. Only the first of these folders that exist is asked as long as its file will do.
 */
export function* libraryFiles(): Generator<string> {
  const known = new Set<string>();
  const folders = function* () {
    yield join(ownFolder(), 'xgboost', 'lib');
    yield* systemFolders();
    yield* pythonFolders();
  };
  for (const folder of folders()) {
    const file = findInFolder(folder);
    if (!file || known.has(file)) continue;
    known.add(file);
    yield file;
  }
}
