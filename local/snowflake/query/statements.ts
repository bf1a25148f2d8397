import { localRefusal, SnowflakeError } from '../errors.js';
import { withXmlShown } from '../expressions/json/xml-text.js';
import { forgetLoads } from '../kernel/loads.js';
import { STATEMENT_TYPE, type Statement, type StatementOutcome, status } from '../kernel/statement.js';
import { parseDelete, parseInsert, parseMerge, parseUpdate } from '../language/parse-dml.js';
import { list, parseExpression } from '../language/parse-expression.js';
import { parseQuery, parseTableName } from '../language/parse-query.js';
import { othersFirst } from '../language/split.js';
import { NUMBER, type ResultColumn } from '../types/data-type.js';
import { Binder } from './bind/binder.js';
import { runInsert } from './change/insert.js';
import { insertAll } from './change/insert-all.js';
import { runMerge } from './change/merge.js';
import { physicalName } from './change/recording.js';
import { runDelete, runUpdate } from './change/update.js';
import { deleteRows, targetTable } from './change/write.js';
import { compileQuery } from './compile.js';
import { evaluateAll } from './evaluate.js';
import { withPivotValues } from './pivot-any.js';
import { fetchRows } from './run/run.js';

const select: Statement = {
  leading: [['SELECT'], ['WITH'], ['VALUES'], ['(']],
  describes: true,
  async run(context) {
    const tree = parseQuery(context.tokens);
    context.tokens.expectEnd();
    await othersFirst(context.text);
    await withPivotValues(context, tree, context.text);
    const query = compileQuery(context, { tree, text: context.text });
    const rows = context.describeOnly ? [] : withXmlShown(query.columns, await fetchRows(query));
    return { statementTypeId: STATEMENT_TYPE.SELECT, columns: query.columns, rows };
  },
};

/** The one row of numbers that DML answers. */
function countOutcome(statementTypeId: number, counts: Record<string, number>): StatementOutcome {
  const columns = Object.keys(counts).map(
    (what): ResultColumn => ({ name: `number of ${what}`, type: NUMBER(19, 0), nullable: false }),
  );
  return { statementTypeId, columns, rows: [Object.values(counts).map(String)] };
}

const insert: Statement = {
  leading: [['INSERT']],
  dml: true,
  describes: true,
  async run(context) {
    const tree = parseInsert(context.tokens);
    context.tokens.expectEnd();
    await othersFirst(context.text);
    const none = { inserted: 0, deleted: 0 };
    const { inserted, deleted } = context.describeOnly ? none : await runInsert(context, tree, context.text);
    return { ...countOutcome(STATEMENT_TYPE.INSERT, { 'rows inserted': inserted }), changed: { deleted } };
  },
};

const update: Statement = {
  leading: [['UPDATE']],
  dml: true,
  describes: true,
  async run(context) {
    const tree = parseUpdate(context.tokens);
    context.tokens.expectEnd();
    await othersFirst(context.text);
    const { updated, multiJoined } = context.describeOnly
      ? { updated: 0, multiJoined: 0 }
      : await runUpdate(context, tree, context.text);
    return countOutcome(STATEMENT_TYPE.UPDATE, {
      'rows updated': updated,
      'multi-joined rows updated': multiJoined,
    });
  },
};

const remove: Statement = {
  leading: [['DELETE']],
  dml: true,
  describes: true,
  async run(context) {
    const tree = parseDelete(context.tokens);
    context.tokens.expectEnd();
    await othersFirst(context.text);
    const deleted = context.describeOnly ? 0 : await runDelete(context, tree, context.text);
    return countOutcome(STATEMENT_TYPE.DELETE, { 'rows deleted': deleted });
  },
};

const merge: Statement = {
  leading: [['MERGE']],
  dml: true,
  describes: true,
  async run(context) {
    const tree = parseMerge(context.tokens);
    context.tokens.expectEnd();
    await othersFirst(context.text);
    const none = { inserted: 0, updated: 0, deleted: 0 };
    const counts = context.describeOnly ? none : await runMerge(context, tree, context.text);
    const shown: Record<string, number> = {};
    const kinds = new Set(tree.clauses.map(({ action }) => action.kind));
    if (kinds.has('insert')) shown['rows inserted'] = counts.inserted;
    if (kinds.has('update')) shown['rows updated'] = counts.updated;
    if (kinds.has('delete')) shown['rows deleted'] = counts.deleted;
    return countOutcome(STATEMENT_TYPE.MERGE, shown);
  },
};

const truncate: Statement = {
  leading: [['TRUNCATE']],
  ddl: true,
  async run({ account, session, tokens, text, signal, binds }) {
    tokens.expect('TRUNCATE');
    tokens.take('TABLE');
    const ifExists = tokens.take('IF', 'EXISTS');
    const name = parseTableName(tokens);
    tokens.expectEnd();
    const b = new Binder(account, session, text, binds);
    if (ifExists && !account.catalog.findRelation(b.nameParts(name), session))
      return status('Statement executed successfully.');
    const table = targetTable(b, name, 'TRUNCATE');
    await session.lock(table.id, signal);
    const deleted = await deleteRows(b, table, physicalName(table));
    await forgetLoads(session, table.id);
    return { ...status('Statement executed successfully.'), changed: { deleted } };
  },
};

const LONGEST_VARIABLE = 256;

const set: Statement = {
  leading: [['SET']],
  async run(context) {
    const { session, tokens } = context;
    tokens.expect('SET');
    const several = tokens.take('(');
    const names = list(tokens, () => tokens.identifier());
    if (several) tokens.expect(')');
    tokens.expect('=');
    const grouped = several && names.length > 1;
    if (grouped) tokens.expect('(');
    const texts = list(tokens, () => {
      const { at, end } = parseExpression(tokens);
      return tokens.text.slice(at, end);
    });
    if (grouped) tokens.expect(')');
    tokens.expectEnd();
    if (names.length !== texts.length)
      throw new SnowflakeError(
        '001003',
        '42000',
        'SQL compilation error:\nSET needs as many values as names.',
      );
    const values = await evaluateAll(context, texts);
    names.forEach((name, i) => {
      const { type, cell } = values[i]!;
      const size = Buffer.byteLength(cell ?? '');
      if (size > LONGEST_VARIABLE)
        throw new SnowflakeError(
          '001099',
          '22000',
          `SQL compilation error:\nAssignment to '${name}' not done because value exceeds size limit for variables. Its size is ${size}; the limit is ${LONGEST_VARIABLE} (internal storage size in bytes).`,
        );
      session.variables.set(name, { type, value: cell });
    });
    return status('Statement executed successfully.', STATEMENT_TYPE.SET);
  },
};

const unset: Statement = {
  leading: [['UNSET']],
  run({ session, tokens }) {
    tokens.expect('UNSET');
    const several = tokens.take('(');
    const names = list(tokens, () => tokens.identifier());
    if (several) tokens.expect(')');
    tokens.expectEnd();
    for (const name of names) session.variables.delete(name);
    return status('Statement executed successfully.', STATEMENT_TYPE.UNSET);
  },
};

const explain: Statement = {
  leading: [['EXPLAIN']],
  run() {
    throw localRefusal('EXPLAIN', 'its plans would be DuckDB’s, not Snowflake’s');
  },
};

/** Queries, DML and session variables. */
export const queryStatements: Statement[] = [
  select,
  insert,
  insertAll,
  update,
  remove,
  merge,
  truncate,
  set,
  unset,
  explain,
];
