import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Variables in which build servers name the commit that they have checked out. */
const NAMED_BY_CI = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'BITBUCKET_COMMIT', 'BUILD_SOURCEVERSION'];

/**
 * The git commit of a project, with ` (changed)` behind it where files differ from it. Without git, a repository or a
 * commit in it, what a build server says it is; null where it is unknown.
 * @param folder where the settings file is
 */
export async function commitOf(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | null> {
  const described = await run(
    'git',
    ['-C', folder, 'describe', '--always', '--abbrev=40', '--exclude=*', '--dirty= (changed)'],
    { timeout: 5000 },
  ).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
  return described || (NAMED_BY_CI.map((name) => env[name]).find(Boolean) ?? null);
}
