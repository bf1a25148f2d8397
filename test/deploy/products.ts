import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../deploy/project.js';
import { PRODUCTS, watchJoins } from '../local/snowflake/joins.js';

/** What has fewer rows in a test does not grow with the hospital's tables: wards, nights, versions. */
const FEW = 100;
/** So many rows for each that went into a join are no longer in proportion to them. */
const MANY = 20;

/** What is looked for, and in what. */
export interface Refusal {
  /** Rows of a table that is none of those that grow; fewer where a test has only a handful of rows and no other tables. */
  readonly few?: number;
  /** Files of sql/ that this test runs, from the root of the repository: a test looks whether each with a JOIN is run by one of these. */
  readonly runs?: readonly string[];
}

/**
 * Lets a suite fail where a statement joins a table with all rows of another: four times the time for twice the rows. That is seen by
 * the rows that go into a join and come out, in all that the clouds of this process do, procedures and tasks too. Stands before the hook
 * that opens a cloud.
 * @returns the statements so far
 */
export function refuseProducts({ few = FEW, runs = [] }: Refusal = {}): ReadonlySet<string> {
  const statements = new Set<string>();
  /** By statement, which comes with other rows each time. */
  const products = new Map<string, string>();
  let stop = () => {};
  before(() => {
    stop = watchJoins(
      ({ statement, operator, left, right, rows, generated }) => {
        if (generated || Math.min(left, right) <= few) return;
        if (!PRODUCTS.includes(operator) && rows <= MANY * (left + right)) return;
        const text = statement.replace(/\s+/g, ' ').slice(0, 500);
        products.set(text, `${left} × ${right} rows, ${operator}: ${text}`);
      },
      (statement) => void statements.add(statement),
    );
  });
  after(function () {
    stop();
    expect([...products.values()], 'joins of a table with all rows of another').to.deep.equal([]);
    let whole = process.env.LOS_LONG === undefined;
    this.test?.parent?.eachTest(({ state }) => {
      whole &&= state === 'passed';
    });
    // What was left out has not run.
    if (whole) expect(missing(runs, statements), 'files that were not run').to.deep.equal([]);
  });
  return statements;
}

/**
 * Files of sql/ with a JOIN that neither these statements nor a suite that refuses products has run. A view is a statement that made it, so
 * a suite that reads every view has run it.
 */
export function unwatchedFiles(statements: ReadonlySet<string>): string[] {
  const elsewhere = filesBelow('test')
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap(
      (name) =>
        readFileSync(join(projectRoot, name), 'utf8').match(/(?<=refuseProducts\([^)]*)'sql\/[^']+\.sql'/g) ??
        [],
    )
    .map((name) => name.slice(1, -1));
  const joining = filesBelow('sql').filter((name) => name.endsWith('.sql') && /\bJOIN\b/.test(textOf(name)));
  return missing(joining, statements).filter((name) => !elsewhere.includes(name));
}

/** Which of these files were not run: the longest piece between two placeholders stands in no statement. */
function missing(files: readonly string[], statements: ReadonlySet<string>): string[] {
  const run = [...statements].map(withoutComments).join('\n');
  return files.filter((name) => {
    const pieces = textOf(name).split(/\{\{.*?\}\}|\/\*.*?\*\//);
    return !run.includes(
      pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest)).trim(),
    );
  });
}

const textOf = (name: string): string => withoutComments(readFileSync(join(projectRoot, name), 'utf8'));

const withoutComments = (sql: string): string => sql.replace(/^\s*--.*$/gm, '').replace(/\s+/g, ' ');

const filesBelow = (folder: string): string[] =>
  readdirSync(join(projectRoot, folder), { recursive: true }).map(
    (name) => `${folder}/${String(name).replaceAll('\\', '/')}`,
  );
