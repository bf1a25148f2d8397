import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectSnowflake } from '../../deploy/clients/snowflake-driver.js';
import { type Usage, watchUsage } from './usage.js';

/** What one step of a demo took. */
export interface StepCost extends Usage {
  /** Statements that the local Snowflake began in it, those of procedures too. */
  readonly statements: number;
}

/** Steps in their order, by what the progress calls them. */
export type DemoCost = ReadonlyMap<string, StepCost>;

/** QUERY_HISTORY gives no more, and the local Snowflake keeps no more. */
const MOST_STATEMENTS = 10_000;

/** 'ok    Build features by the task graph: 9435 rows (0.4 s)': a step has ended. */
const END = /^ok {4}(.+?)(?:: .*)? \([\d.]+ s\)$/;

/**
 * Runs `los demo` of a checkout in a state folder of its own, beside a local cloud that is asked for its statements at
 * the end.
 * @param root a checkout that is built
 * @param args of the demo, e.g. `--rows 2000`
 * @throws Error with what it said, where it fails or ends no step
 */
export async function demoCost(root: string, args: readonly string[]): Promise<DemoCost> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-steps-'));
  const los = (...words: string[]) =>
    spawn(process.execPath, [join(root, 'dist/deploy/cli.js'), ...words], {
      cwd: root,
      env: { ...process.env, LOS_STATE: join(folder, 'state'), NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const cloud = los('local', '--json');
  const usage = watchUsage();
  try {
    const [address] = (await once(createInterface(cloud.stdout!), 'line')) as [string];
    const began = Date.now();
    const ends = await endsOf(los('demo', '--json', ...args), () => usage.now());
    const starts = await statementTimes(JSON.parse(address).snowflake);
    return costs(ends, { at: began, usage: ends.first }, starts);
  } finally {
    usage.stop();
    cloud.kill('SIGTERM');
    await once(cloud, 'close');
    rmSync(folder, { recursive: true, force: true });
  }
}

interface End {
  readonly step: string;
  readonly at: number;
  readonly usage: Usage;
}

interface Ends {
  readonly first: Usage;
  readonly steps: readonly End[];
}

async function endsOf(demo: ChildProcess, usage: () => Usage): Promise<Ends> {
  const first = usage();
  const steps: End[] = [];
  const said: string[] = [];
  const lines = createInterface(demo.stderr!);
  lines.on('line', (line) => {
    said.push(line);
    const step = END.exec(line)?.[1];
    if (step !== undefined) steps.push({ step, at: Date.now(), usage: usage() });
  });
  demo.stdout!.resume();
  const [code] = await once(demo, 'close');
  if (code !== 0 || steps.length === 0) throw new Error(`los demo ended with ${code}:\n${said.join('\n')}`);
  return { first, steps };
}

function costs(
  { steps }: Ends,
  start: { at: number; usage: Usage },
  statements: readonly number[],
): DemoCost {
  let before = start;
  return new Map(
    steps.map((end) => {
      const cost = {
        processor: end.usage.processor - before.usage.processor,
        idle: end.usage.idle - before.usage.idle,
        statements: statements.filter((at) => at > before.at && at <= end.at).length,
      };
      before = end;
      return [end.step, cost];
    }),
  );
}

/** @returns when each statement of the account began, in ms since 1970 */
async function statementTimes(address: Record<string, string>): Promise<number[]> {
  const { accessUrl, account, user, password, database, schema, warehouse } = address as Record<
    string,
    string
  >;
  const login = { accessUrl, account: account!, username: user, password, role: 'ACCOUNTADMIN' };
  const place = { database: database!, schema: schema!, warehouse: { name: warehouse! } };
  const snowflake = await connectSnowflake(login, '', place);
  try {
    const rows = await snowflake.query(
      `SELECT DATE_PART(EPOCH_MILLISECOND, START_TIME) AS AT
       FROM TABLE(${database}.INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => ${MOST_STATEMENTS}))`,
    );
    if (rows.length >= MOST_STATEMENTS)
      throw new Error(
        `A demo of more than ${MOST_STATEMENTS} statements cannot be counted: take fewer rows.`,
      );
    return rows.map(({ AT }) => Number(AT));
  } finally {
    await snowflake.close();
  }
}
