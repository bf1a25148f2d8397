/**
 * Where XGBoost's C library is on this machine.
 *
 * The library is not part of any npm package, so the local SageMaker uses the one that is installed:
 * the same library Python's xgboost uses, and so the same predictions to the last bit.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Raised when no XGBoost library is found; the message says what to install. */
export class XgboostMissing extends Error {
  override name = 'XgboostMissing';
}

const ON_MAC = process.platform === 'darwin';
const LIBRARY = ON_MAC ? /^libxgboost\.dylib$/ : /^libxgboost\.so(\.\d+)*$/;

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
function inFolder(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((name) => LIBRARY.test(name));
  names.sort((a, b) => a.length - b.length);
  return names[0] && join(folder, names[0]);
}

/** The library inside Python's xgboost package: costs a Python start, hence asked last. */
function inPython(): string | undefined {
  const script =
    "import importlib.util as u, os; s = u.find_spec('xgboost'); print(os.path.dirname(s.origin) if s else '')";
  try {
    const folder = execFileSync('python3', ['-c', script], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: 'pipe',
    });
    return folder.trim() ? inFolder(join(folder.trim(), 'lib')) : undefined;
  } catch {
    return undefined; // No Python on this machine: one place fewer to look in.
  }
}

/**
 * Finds XGBoost's C library: LIBXGBOOST, then the system's or Homebrew's, then the one inside Python's package.
 *
 * @returns the library's path
 * @throws XgboostMissing when there is none, or when LIBXGBOOST names a file that does not exist
 */
export function findXgboost(): string {
  const override = process.env.LIBXGBOOST;
  if (override) {
    if (existsSync(override)) return override;
    throw new XgboostMissing(
      `LIBXGBOOST is set to ${override}, but there is no such file. Point it at libxgboost.so (libxgboost.dylib on macOS) or unset it.`,
    );
  }
  for (const folder of systemFolders()) {
    const found = inFolder(folder);
    if (found) return found;
  }
  const found = inPython();
  if (found) return found;
  const install = ON_MAC ? 'brew install xgboost' : 'apt-get install libxgboost0';
  throw new XgboostMissing(
    `XGBoost's C library was not found, so the local SageMaker cannot train or serve. Install it (${install}, or pip install xgboost) or set LIBXGBOOST to its path.`,
  );
}
