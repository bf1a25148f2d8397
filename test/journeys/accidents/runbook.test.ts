import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import { OnCall } from './on-call.js';
import { steady } from './steady.js';

const RUNBOOK = join(projectRoot, 'docs', 'runbook');
const pages = readdirSync(RUNBOOK).filter((name) => name.endsWith('.md') && name !== 'README.md');
const textOf = (page: string) => readFileSync(join(RUNBOOK, page), 'utf8');

/** What a reader puts in the place of these. */
const PLACES: Readonly<Record<string, string>> = {
  '<your table>': 'HEALTH_ADMISSIONS',
  '<dataset>': 'HEALTH',
};

/** Statements of a page that read, as they stand in it. */
function queriesOf(page: string): string[] {
  return [
    ...textOf(page)
      .replace(/\s*\n\s*/g, ' ')
      .matchAll(/`((?:SELECT|SHOW) [^`]+;)`/g),
  ]
    .map(([, found]) =>
      Object.entries(PLACES).reduce((text, [place, is]) => text.replaceAll(place, is), found!),
    )
    .filter((statement) => !statement.includes('…'));
}

/** Folders of what runs and what tells. */
const CODE = ['procedures', 'deploy', 'report', 'templates', 'sql'];

/** Pages that code names, in a message or as a sign's lookAt. */
function pagesNamed(): Set<string> {
  const files = CODE.flatMap((folder) =>
    (readdirSync(join(projectRoot, folder), { recursive: true }) as string[])
      .filter((name) => /\.(ts|hbs|sql)$/.test(name))
      .map((name) => readFileSync(join(projectRoot, folder, name), 'utf8')),
  );
  return new Set(
    files.flatMap((text) =>
      [...text.matchAll(/runbook\/([a-z-]+)\.md|lookAt: '([a-z-]+)'/g)].map(
        ([, one, other]) => (one ?? other)!,
      ),
    ),
  );
}

describe('the runbook', () => {
  it('has a page for whatever names one', () => {
    const named = [...pagesNamed()];
    expect(named).to.include('scoring');
    expect(named.filter((name) => !pages.includes(`${name}.md`) && name !== 'README')).to.deep.equal([]);
  });

  it('is an index of what a person sees, with a page and a first command each', () => {
    const rows = [...textOf('README.md').matchAll(/^\| (?!what|---)(.+) \| \[.+\]\((.+)\) \| (.+) \|$/gm)];
    const linked = rows.map(([, , page]) => page!);
    for (const page of pages) expect(linked, page).to.include(page);
    for (const [row, , , first] of rows) expect(first, row).to.match(/`[^`]+`/);
  });

  it('says on each page what to do, as steps', () => {
    for (const page of pages) expect(textOf(page), page).to.contain('## Troubleshooting');
  });

  describe('asks Snowflake nothing that it does not answer:', () => {
    let onCall: OnCall;
    before(async () => {
      onCall = await OnCall.copy(steady, 1);
      await onCall.sql('USE SCHEMA PREDICT_LOS.LOS');
    });
    after(() => onCall.close());

    for (const page of ['README.md', ...pages])
      for (const query of queriesOf(page))
        it(`${page}: ${query}`, async () => {
          await onCall.query(query);
        });
  });
});
