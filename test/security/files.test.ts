// Low findings of the security review: files that others may write, and files that are bombs.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { openCsv } from '../../contracts/files/csv-file.js';
import { parseContract } from '../../deploy/dataset/load.js';
import { UserError } from '../../deploy/errors.js';
import type { OpenContext } from '../../deploy/open.js';
import { projectRoot } from '../../deploy/project.js';
import { loadSettings } from '../../deploy/settings/load.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

/** What a bomb makes of a file that is read: an error for the user, or the wrong thing. */
async function refusal(work: () => unknown): Promise<UserError> {
  try {
    await work();
  } catch (error) {
    expect(error).to.be.instanceOf(UserError);
    return error as UserError;
  }
  throw new Error('It was read.');
}

describe('files that are bombs', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'los-bombs-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('finding Low: a .csv.gz that unpacks to one endless line is refused, and not held in memory', async () => {
    const file = join(folder, 'bomb.csv.gz');
    for (const before of ['', 'id,days\n1,2\n']) {
      writeFileSync(file, gzipSync(before + 'a'.repeat(60_000_000)));
      expect(statSync(file).size).to.be.below(100_000);
      const peak = process.memoryUsage().rss;
      const error = await refusal(async () => {
        for await (const _ of (await openCsv(file)).records);
      });
      expect(error.message).to.contain(`line ${before === '' ? 1 : 3} has more than 200,000 characters`);
      expect(error.next).to.match(/\S/);
      expect(process.memoryUsage().rss - peak).to.be.below(200_000_000);
    }
  });

  it('finding Low: a file that opens a quote for ever is refused', async () => {
    const file = join(folder, 'quote.csv.gz');
    writeFileSync(file, gzipSync(`id,days\n"${'a\n'.repeat(1_000_000)}`));
    const error = await refusal(async () => {
      for await (const _ of (await openCsv(file)).records);
    });
    expect(error.message).to.contain('a quote is never closed');
  });

  const levels = Array.from({ length: 12 }, (_, i) =>
    i === 0 ? `a0: &a0 [${'x,'.repeat(9)}x]` : `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}*a${i - 1}]`,
  );
  const bombs = {
    aliases: levels.join('\n'),
    brackets: '['.repeat(100_000),
    braces: '{a: '.repeat(100_000),
    lists: '- '.repeat(100_000),
    questions: '? '.repeat(100_000),
    indentation: Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  };
  for (const [what, yaml] of Object.entries(bombs)) {
    it(`finding Low: settings with a bomb of ${what} are refused`, async () => {
      const file = join(folder, 'los.config.yaml');
      writeFileSync(file, yaml);
      const error = await refusal(() => loadSettings(file, {}));
      expect(error.message).to.contain(`${file} is not valid YAML`);
    });

    it(`finding Low: a contract with a bomb of ${what} is refused`, async () => {
      const error = await refusal(() => parseContract(yaml, 'bomb.yaml'));
      expect(error.message).to.contain('bomb.yaml');
    });
  }
});

describe('files that los makes', () => {
  // Windows has no such rights.
  if (process.platform === 'win32') return;
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  before(async () => {
    cloud = await embeddedCloud('', {}, 'loaded');
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const rights = (file: string) => (statSync(file).mode & 0o777).toString(8);

  it('finding Low: have the rights that the umask leaves, also after the driver has put a file', async () => {
    const before = process.umask();
    const file = join(cloud.folder, 'rows.csv');
    writeFileSync(file, 'a\n1\n');
    await ctx.snowflake.execute('CREATE OR REPLACE STAGE PREDICT_LOS.LOS.MINE');
    await Promise.all([1, 2, 3].map(() => ctx.snowflake.put(file, '@PREDICT_LOS.LOS.MINE')));
    expect(process.umask()).to.equal(before);
    await ctx.snowflake.execute('DROP STAGE PREDICT_LOS.LOS.MINE');
  });

  it('finding Low: are the user’s alone where they hold keys, mails or rows, and for others to read at most', async () => {
    const report = join(cloud.folder, 'report.html');
    await promisify(execFile)(
      'sh',
      [
        '-c',
        `umask 022; exec "$0" "$@"`,
        process.execPath,
        join(projectRoot, 'dist/deploy/cli.js'),
        'report',
        '--out',
        report,
        '--config',
        cloud.config,
      ],
      {},
    );
    expect(rights(report)).to.equal('644');
    const state = join(cloud.folder, 'state');
    expect(rights(state)).to.equal('700');
    for (const name of readdirSync(state)) expect(statSync(join(state, name)).mode & 0o022, name).to.equal(0);
  });
});
