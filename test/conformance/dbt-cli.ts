import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalCloud } from '@local-cloud/cloud/cloud.js';
import { projectRoot } from '../../deploy/project.js';
import { programOf } from './python.js';

/** The dbt that node scripts/python.mjs dbt installs; undefined, and said so, where it is not there. */
export function dbtProgram(): string | undefined {
  const found = programOf('dbt', 'dbt');
  if (!found) console.log('skipped: dbt is not there (node scripts/python.mjs dbt)');
  return found;
}

/** Who dbt is on a local Snowflake, and where it builds. */
export interface DbtProfile {
  readonly user: string;
  readonly password: string;
  readonly role: string;
  readonly database: string;
  readonly schema: string;
  readonly warehouse: string;
}

/** A copy of a project in test/conformance, with a profile for a local Snowflake. */
export class DbtProject {
  readonly folder: string;

  /** @param state a folder of the test's own */
  constructor(
    private readonly program: string,
    project: string,
    private readonly state: string,
    cloud: LocalCloud,
    profile: DbtProfile,
  ) {
    this.folder = join(state, project);
    cpSync(join(projectRoot, 'test/conformance', project), this.folder, { recursive: true });
    const { accessUrl, account } = cloud.connection.snowflake;
    const dev = {
      ...{ type: 'snowflake', account, host: '127.0.0.1', port: Number(new URL(accessUrl).port) },
      ...{ protocol: 'http', threads: 2, ...profile },
    };
    // YAML takes JSON.
    const profiles = { local: { target: 'dev', outputs: { dev } } };
    writeFileSync(join(state, 'profiles.yml'), JSON.stringify(profiles));
  }

  /** Runs a command of dbt. @returns what it said @throws Error with that where it fails */
  async run(...args: readonly string[]): Promise<string> {
    const child = spawn(this.program, [...args, '--profiles-dir', this.state, '--no-use-colors'], {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_PROXY: '127.0.0.1', DO_NOT_TRACK: '1' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    const [status] = await once(child, 'close');
    if (status !== 0) throw new Error(`dbt ${args.join(' ')} ended with ${status}:\n${output.slice(-4000)}`);
    return output;
  }
}
