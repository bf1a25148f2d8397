import { join } from 'node:path';
import { expect } from 'chai';
import { questions, TABLES } from '../../../contracts/semantic/questions.js';
import { semanticView } from '../../../contracts/semantic/view.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import { schemaObjects } from '../../../deploy/objects/index.js';
import { projectRoot } from '../../../deploy/project.js';
import { listItems } from '../../../deploy/resources/snowflake/read-statement.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import { awsResources } from '../../../deploy/stack/aws.js';
import { snowflakeResources } from '../../../deploy/stack/snowflake.js';

const TEXT = `'(?:[^']|'')*'`;
/** The clauses that the view has, in the order of the documented grammar (docs.snowflake.com/sql-reference/sql/create-semantic-view). */
const GRAMMAR = new RegExp(
  `^(?:--[^\\n]*\\n)?CREATE OR REPLACE SEMANTIC VIEW (?<name>\\S+)\\s+TABLES \\((?<tables>.*?)\\n  \\)\\s+FACTS \\((?<facts>.*?)\\n  \\)\\s+DIMENSIONS \\((?<dimensions>.*?)\\n  \\)\\s+COMMENT = ${TEXT}\\s+AI_SQL_GENERATION ${TEXT}\\s+AI_VERIFIED_QUERIES \\((?<queries>.*)\\n  \\)\\s+COPY GRANTS;\\nGRANT SELECT ON SEMANTIC VIEW \\k<name> TO ROLE (?<role>\\S+);$`,
  's',
);
const LOGICAL_TABLE = new RegExp(
  `^(\\w+) AS (\\w+\\.\\w+\\.\\w+) PRIMARY KEY \\(([\\w, ]+)\\) WITH SYNONYMS = \\(${TEXT}(?:, ${TEXT})*\\) COMMENT = ${TEXT}$`,
);
const EXPRESSION = new RegExp(`^(\\w+)\\.(\\w+) AS (\\w+) COMMENT = ${TEXT}$`);
const QUERY = new RegExp(
  `^(\\w+) AS \\(\\s+QUESTION (${TEXT})\\s+ONBOARDING_QUESTION TRUE\\s+SQL (${TEXT})\\s+\\)$`,
);

const match = (pattern: RegExp, text: string) =>
  pattern.exec(text.trim()) ?? expect.fail(`${pattern}: ${text}`);
const textIn = (text: string) => text.slice(1, -1).replaceAll("''", "'");

describe('the semantic view', () => {
  const settings = loadSettings('/dev/null', {
    LOS_SNOWFLAKE_DATABASE: 'CLINIC',
    LOS_NAMES: '{"LOS_READ": "LOOKERS"}',
  });
  let sql: string;
  let clauses: Record<string, string>;

  before(async () => {
    const ctx = { settings, aws: { region: 'us-east-1', accountId: '123456789012' } } as Parameters<
      typeof awsResources
    >[0];
    const health = loadContract(join(projectRoot, 'sql/datasets/health.yaml'), settings.timeZone);
    const around = [...awsResources(ctx), ...snowflakeResources(ctx)];
    const { objects } = await schemaObjects(ctx, health, around);
    sql = semanticView(settings, health, objects).sql;
    clauses = match(GRAMMAR, sql).groups!;
    // No answer is about fewer than ten patients: it reads what readers of figures may read.
    for (const { view } of TABLES) {
      const { declared } = objects.find(({ resource }) => resource.name === view)!;
      expect('header' in declared && declared.header.readers, view).to.equal('read');
    }
  });

  it('holds to the documented grammar, in the database of the settings, for the role of figures', () => {
    expect(clauses).to.include({ name: 'CLINIC.LOS.HEALTH_LENGTH_OF_STAY', role: 'LOOKERS' });
    const tables = listItems(clauses.tables!).map((item) => match(LOGICAL_TABLE, item));
    expect(tables.map(([, alias]) => alias)).to.deep.equal(TABLES.map(({ view }) => view));
    for (const [, alias, full] of tables) expect(full).to.equal(`CLINIC.LOS.${alias}`);
  });

  it('names each column once, as a fact or a dimension of a table that it has, and keys among the dimensions', () => {
    const facts = listItems(clauses.facts!).map((item) => match(EXPRESSION, item));
    const dimensions = listItems(clauses.dimensions!).map((item) => match(EXPRESSION, item));
    const names = [...facts, ...dimensions].map(([, table, name, column]) => {
      expect(column).to.equal(name);
      return `${table}.${name}`;
    });
    expect(new Set(names).size).to.equal(names.length);
    const known = new Set(dimensions.map(([, table, name]) => `${table}.${name}`));
    for (const { view, key } of TABLES)
      for (const column of key) expect(known).to.include(`${view}.${column}`);
  });

  it('has each verified query, over columns that it has', () => {
    const names = [...`${clauses.facts},${clauses.dimensions}`.matchAll(/(\w+)\.(\w+) AS /g)];
    const queries = listItems(clauses.queries!).map((item) => match(QUERY, item));
    expect(
      queries.map(([, name, question, text]) => ({
        name,
        question: textIn(question!),
        sql: textIn(text!),
      })),
    ).to.deep.equal(questions('health'));
    for (const { name, sql } of questions('health')) {
      const view = / FROM (\w+)/.exec(sql)![1];
      const columns = names.filter(([, table]) => table === view).map(([, , column]) => column);
      for (const column of /^SELECT (.*?) FROM/s.exec(sql)![1]!.split(', '))
        expect(columns, name).to.include(column);
    }
  });
});
