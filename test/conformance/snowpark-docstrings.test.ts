/**
 * The examples in the docstrings of Snowpark for Python, the newest of its registry, whose results Snowflake's own CI
 * checks on accounts. An example that the local Snowflake refuses by name is outside its scope; every other one that
 * goes wrong stands in clients/snowpark-failures.json with the cause.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalCloud, startCloud } from '@local-cloud/cloud/cloud.js';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { pythonProgram, runProgram } from './client-programs.js';
import { programOf } from './python.js';

interface Docstring {
  name: string;
  examples: number;
  /** Of those that went wrong. */
  wrong: { source: string; what: string }[];
}

/** By the docstring's name. */
const causes = JSON.parse(
  readFileSync(join(projectRoot, 'test/conformance/clients/snowpark-failures.json'), 'utf8'),
) as Record<string, string>;

/** Docstrings all of whose examples go right. */
const LEAST_WHOLE = 480;

const REFUSED = /the local Snowflake does not support it, because ([^.]*)/;
const ABSENT = /tests\/resources\/|No module named 'resources|File doesn't exist/;

/** Why a docstring is outside what is built: the first example that goes wrong says so by name. */
function outside({ wrong: [first] }: Docstring): string | undefined {
  if (ABSENT.test(`${first!.source} ${first!.what}`)) return 'wants files of Snowpark’s own repository';
  return REFUSED.exec(first!.what)?.[1];
}

describe('Snowpark’s docstrings', () => {
  const state = mkdtempSync(join(tmpdir(), 'docstrings-'));
  const python = programOf('clients', 'python3');
  let cloud: LocalCloud | undefined;
  let docstrings: Docstring[] = [];

  before(async function () {
    if (!python) {
      console.log('skipped: Snowpark is not there (node scripts/python.mjs clients)');
      this.skip();
    }
    cloud = await startCloud({ stateDir: state });
    const { accessUrl, account, user, password, role } = cloud.connection.snowflake;
    const port = Number(new URL(accessUrl).port);
    const connection = { account, user, password, role, host: '127.0.0.1', port, protocol: 'http' };
    docstrings = await runProgram<Docstring>(
      pythonProgram(python, 'clients/snowpark_docstrings.py', { connection }),
    );
  });

  after(async () => {
    await cloud?.close();
    rmSync(state, { recursive: true, force: true });
  });

  it('go right in as many as they should', () => {
    const failed = docstrings.filter(({ wrong }) => wrong.length > 0);
    const whole = docstrings.length - failed.length;
    console.log(`      ${whole} of ${docstrings.length} are whole`);
    const counts = new Map<string, number>();
    for (const each of failed) {
      const cause = outside(each) ?? 'listed with a cause';
      counts.set(cause, (counts.get(cause) ?? 0) + 1);
    }
    for (const [cause, count] of [...counts].sort((a, z) => z[1] - a[1]))
      console.log(`      ${count}: ${cause}`);
    expect(whole).to.be.at.least(LEAST_WHOLE);
  });

  it('have a cause wherever they go wrong without being refused by name, and nowhere else', () => {
    const failed = docstrings.filter((each) => each.wrong.length > 0 && !outside(each));
    for (const { name, wrong } of failed.filter((each) => !causes[each.name]))
      console.log(`      - ${name}: ${wrong[0]!.source}: ${wrong[0]!.what}`);
    expect(failed.map(({ name }) => name).sort()).to.deep.equal(Object.keys(causes).sort());
  });
});
