import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.js';

/** File in which the driver looks for connections.toml. */
export function connectionsFile(
  env: Readonly<Record<string, string | undefined>> = process.env,
  home = homedir(),
): string {
  return join(env.SNOWFLAKE_HOME || join(home, '.snowflake'), 'connections.toml');
}

const INSTEAD = 'or set SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER and a private key or token';

/** Explains why the driver does not use a section of connections.toml, of which it says nothing itself. */
export function explainFile(file: string, section: string, cause: unknown): UserError | undefined {
  if (!existsSync(file))
    return new UserError(
      `There is no ${file}, and SNOWFLAKE_ACCOUNT is not set either, so los has no login for Snowflake.`,
      {
        next: `Write the file with a section [${section}] (account, user, a key or token), ${INSTEAD}.`,
        cause,
      },
    );
  if (statSync(file).mode & 0o077)
    return new UserError(`${file} may be read by others, so the driver does not use it.`, {
      next: `chmod 600 ${file}`,
      cause,
    });
  const sections = sectionsOf(file);
  if (sections.has(section)) return undefined;
  return new UserError(
    `${file} has no section [${section}]; it has ${[...sections.keys()].map((name) => `[${name}]`).join(', ') || 'none'}.`,
    { next: `Write one, name another in snowflake.connection (los.config.yaml), ${INSTEAD}.`, cause },
  );
}

/** Host, and port where it is not 443, of a section's account, as far as it is told; for a look at the network. */
export function hostOf(file: string, section: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { host, port, account } = sectionsOf(file).get(section) ?? {};
  return host ? host + (port ? `:${port}` : '') : account && accountHost(account);
}

/** @param account identifier, with its region where it has one */
export function accountHost(account: string): string {
  return `${account}.snowflakecomputing.${/\.cn-/.test(account) ? 'cn' : 'com'}`;
}

/** Names of the sections, each with its values as text; enough of TOML to explain what is missing. */
function sectionsOf(file: string): Map<string, Record<string, string>> {
  const sections = new Map<string, Record<string, string>>();
  let current: Record<string, string> = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const name = /^\s*\[\s*["']?([^\]"']+?)["']?\s*\]/.exec(line)?.[1];
    if (name) {
      current = {};
      sections.set(name, current);
    }
    const [, key, value] = /^\s*(\w+)\s*=\s*["']?([^"'#]*?)["']?\s*(?:#.*)?$/.exec(line) ?? [];
    if (key && value !== undefined) current[key] = value;
  }
  return sections;
}
