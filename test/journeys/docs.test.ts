import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { commands } from '../../deploy/commands/index.js';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { splitStatements } from '../../procedures/notifying/statements.js';
import { WIDTH } from '../../report/text/wrap.js';
import { hospital } from '../deploy/dataset/hospital.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { type Block, blocksOf, isApart, pages, shownOn, statements } from './docs-blocks.js';

/** What these print is pasted or read by programs, so its lines are not broken. */
const WHOLE = /^(bootstrap|local)\b|--json|--help/;

/** A call of every command, for what it shows, refusals too; null: another test here has called it. */
const EVERY: Readonly<Record<string, string | null>> = {
  demo: null,
  local: null,
  bootstrap: '--user CI_LOS',
  plan: '',
  apply: '',
  destroy: '',
  eda: '',
  'dataset init': '--file visits.csv',
  'dataset check': '',
  'dataset load': null,
  train: null,
  'model list': '',
  'model show': '',
  'model card': '--out card.md',
  'model promote': 'general-v1',
  'model rollback': '',
  'model compare': 'general-v1 general-v1',
  'model shadow': '',
  beds: '',
  report: '--out again.html',
  safety: '',
  watch: '',
  notify: '',
  score: `--since ${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}`,
  simulate: '--days 1',
  // It goes through all of the above; test/journeys/validate.test.ts calls it.
  validate: null,
  doctor: '',
  history: '',
  'first-day': '',
  status: '',
  dbt: '--out dbt.yml',
  'semantic-view': '--out questions.sql',
};

/**
 * `los` as a person at a terminal of 80 columns calls it. What it shows is kept, after a line with the command; what goes
 * to a file goes there. Only `los local` does not wait to be stopped, for the cloud is the test's.
 */
const LOS = `#!/bin/bash
cli=(node --enable-source-maps '${join(projectRoot, 'dist/deploy/cli.js')}' "$@")
if [ "$1" = local ]; then
  : > said.local
  "\${cli[@]}" > said.local & pid=$!
  until grep -q . said.local; do kill -0 $pid || exit 1; sleep 0.1; done
  kill -INT $pid; wait $pid; cat said.local
elif [ -f /dev/stdout ]; then
  "\${cli[@]}"
else
  printf '\\n$ %s\\n' "$*" >> terminal
  script -qaec "stty cols ${WIDTH}; $(printf '%q ' "\${cli[@]}")" terminal
fi
`;

/** What is on a line of its own however long it is: a statement to paste, and what script(1) says of itself. */
const isWhole = (line: string) =>
  /^Script /.test(line) || splitStatements(line.trim()).every(({ text }) => text === '');

/** Every command of README and docs, as it stands there, in the order in which it stands there. */
describe('the commands of the documentation', () => {
  let here: Place;
  before(async () => {
    here = await place();
  });
  after(() => here.close());

  for (const page of pages().filter((each) => !isApart(each)))
    for (const block of blocksOf(page)) {
      const { where, language, notRun, elsewhere } = block;
      if (notRun) continue;
      it(`${where}, ${language}`, async () => {
        const at = elsewhere ? await place() : here;
        try {
          if (language === 'sql') await ask(at.ctx, block);
          else await paste(at, block.text);
        } finally {
          at.cloud.faults.clear();
          if (elsewhere) await at.close();
        }
      });
    }

  for (const page of pages().filter(isApart))
    it(`${page}, from its first block to its last`, async () => {
      const own = await place();
      try {
        for (const { text } of blocksOf(page)) await paste(own, text);
      } finally {
        await own.close();
      }
    });

  it('say why they are not run, where they are not', () => {
    const reasons = pages().flatMap((page) => blocksOf(page).flatMap(({ notRun }) => notRun ?? []));
    expect(reasons).to.include('needs a real account');
    expect(new Set(reasons).size).to.be.at.most(7);
  });

  it('show lines of 80 columns at most, and times in the hospital’s zone', async () => {
    expect(Object.keys(EVERY)).to.have.members(commands.map(({ name }) => name));
    const calls = Object.entries(EVERY).flatMap(([name, args]) =>
      args === null ? [] : [`los ${name} ${args} || true`],
    );
    await paste(here, calls.join('\n'));
    const shown = here.shown();
    expect(shown.length).to.be.greaterThan(200);
    let command = '';
    const wide: string[] = [];
    for (const line of shown) {
      if (line.startsWith('$ ')) command = line.slice(2);
      else if ([...line].length > WIDTH && !WHOLE.test(command) && !isWhole(line))
        wide.push(`los ${command}: ${line}`);
    }
    expect(wide).to.deep.equal([]);
    expect(shown.join('\n')).to.contain('(Europe/Berlin)').and.not.to.contain('(UTC)');
  });

  interface Place extends Awaited<ReturnType<typeof embeddedCloud>> {
    readonly ctx: OpenContext;
    shown(): string[];
    close(): Promise<void>;
  }

  /** A folder as a person has it after git clone, with a cloud of its own and a file of admissions. */
  async function place(): Promise<Place> {
    const local = await embeddedCloud(
      `dataset: sql/datasets/general.yaml
timeZone: Europe/Berlin
training: { candidates: [squared-error] }
tasks: { resumed: false }
# A version of it has two endpoints, and a new account has room for ten at once.
endpoint: { maxConcurrency: 1 }`,
    );
    const inside = (name: string) => join(local.folder, name);
    mkdirSync(inside('.los'));
    writeFileSync(inside('los'), LOS);
    chmodSync(inside('los'), 0o755);
    for (const name of ['node_modules', 'sql', 'package.json', 'examples'])
      symlinkSync(join(projectRoot, name), inside(name));
    writeFileSync(inside('visits.csv'), hospital(2000).csv);
    const ctx = await local.open();
    return {
      ...local,
      ctx,
      shown: () => (existsSync(inside('terminal')) ? shownOn(readFileSync(inside('terminal'), 'utf8')) : []),
      async close() {
        await ctx.close();
        await local.cloud.close();
        local.remove();
      },
    };
  }

  /** A script as bash runs it, `los` being found; the first command that fails ends it. */
  async function paste({ folder }: Place, script: string): Promise<void> {
    const { CI, ...env } = process.env;
    const shell = spawn('bash', ['-euc', script], {
      cwd: folder,
      env: { ...env, PATH: `${folder}:${env.PATH}`, TERM: 'xterm', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (part) => (said += part));
    const status = await new Promise<number | null>((done) => shell.once('close', done));
    expect(status, shownOn(said).slice(-40).join('\n')).to.equal(0);
  }

  async function ask(ctx: OpenContext, { text, role, mayBeEmpty }: Block): Promise<void> {
    const { user, role: own } = (
      await ctx.snowflake.query<{ user: string; role: string }>(
        'SELECT CURRENT_USER() AS "user", CURRENT_ROLE() AS "role"',
      )
    )[0]!;
    if (role) {
      await ctx.snowflake.execute(`GRANT ROLE ${role} TO USER ${user}`);
      await ctx.snowflake.execute(`USE ROLE ${role}`);
    }
    try {
      // What a client is told when it connects; another test's session has been opened before there was any of it.
      await ctx.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
      await ctx.snowflake.execute('USE WAREHOUSE LOS_WH');
      for (const sql of statements(text)) {
        const rows = await ctx.snowflake.query(sql).catch((error: Error) => {
          throw new Error(`${error.message}\n${sql}`);
        });
        if (!mayBeEmpty) expect(rows, sql).not.to.deep.equal([]);
      }
    } finally {
      await ctx.snowflake.execute(`USE ROLE ${own}`);
    }
  }
});
