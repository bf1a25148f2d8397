import { qualified, schemaPath } from '../../procedures/ground/names.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import type { Check, Problem } from './check.js';
import type { Scene } from './scene.js';

/** What lives in Snowflake itself, before any call leaves it. */
export const snowflakeChecks: readonly Check[] = [
  {
    name: 'warehouse',
    title: 'the warehouse exists and starts when it is needed',
    needs: ['connection'],
    look: warehouse,
  },
  {
    name: 'database',
    title: 'database and schema exist',
    needs: ['connection'],
    look: database,
  },
  {
    name: 'declaration',
    title: 'what exists can be compared with the declaration',
    needs: ['connection'],
    async look(scene) {
      await scene.plan();
      return undefined;
    },
  },
  missing('roles', 'the roles exist', ['snowflake.role']),
  missing('tables', 'all tables and views exist', ['snowflake.table', 'snowflake.view']),
  missing('stages', 'stages and file formats exist', ['snowflake.stage', 'snowflake.file-format']),
  missing('streams', 'the streams exist', ['snowflake.stream']),
  {
    name: 'stream-offsets',
    title: 'the streams can still be read',
    needs: ['streams', 'database'],
    look: staleStream,
  },
  missing('procedures', 'the procedures exist', ['snowflake.procedure']),
  missing('functions', 'the translators exist', ['snowflake.function']),
  missing('external-functions', 'predict_los and its companions exist', ['snowflake.external-function']),
];

/** For other roles than the one that runs the doctor. */
export const grantsCheck: Check = {
  name: 'grants',
  title: 'the roles of daily use may use all of it',
  needs: ['declaration', 'roles', 'database'],
  look: grants,
};

async function warehouse(scene: Scene): Promise<Problem | undefined> {
  const { name } = scene.ctx.settings.snowflake.warehouse;
  const rows = await scene.ctx.snowflake.query(`SHOW WAREHOUSES LIKE '${name}'`);
  const row = rows.find((candidate) => candidate.name === name);
  if (!row)
    return {
      what: `The warehouse ${name} does not exist, or this role may not see it.`,
      fix: scene.los('apply'),
    };
  const resumes = String(row.auto_resume).toLowerCase() === 'true';
  if (!resumes && String(row.state).toUpperCase() === 'SUSPENDED')
    return {
      what: `The warehouse ${name} is suspended and does not resume by itself.`,
      fix: `ALTER WAREHOUSE ${name} SET AUTO_RESUME = TRUE;`,
    };
  await scene.ctx.snowflake.execute(`USE WAREHOUSE ${name}`);
  return undefined;
}

async function database(scene: Scene): Promise<Problem | undefined> {
  const { database: name, schema } = scene.ctx.settings.snowflake;
  const schemas = await showOrNothing(scene.ctx, `SHOW SCHEMAS IN DATABASE ${name}`);
  if (schemas.length === 0)
    return {
      what: `The database ${name} does not exist, or this role may not see it.`,
      fix: backOrAnew('DATABASE', name, scene),
    };
  if (!schemas.some((row) => row.name === schema))
    return {
      what: `The schema ${name}.${schema} does not exist, or this role may not see it.`,
      fix: backOrAnew('SCHEMA', `${name}.${schema}`, scene),
    };
  await scene.ctx.snowflake.execute(`USE SCHEMA ${schemaPath(scene.ctx.settings)}`);
  return undefined;
}

/** What was dropped or renamed has the admissions and the log in it; apply would make an empty one in its place. */
function backOrAnew(noun: string, name: string, scene: Scene): string {
  return `${scene.los('apply')}, where there never was one; a dropped or renamed one has the data in it: UNDROP ${noun} ${name}, or ALTER ${noun} … RENAME TO ${name}`;
}

/** Declared objects of some kinds that do not exist. */
function missing(name: string, title: string, kinds: readonly string[]): Check {
  return {
    name,
    title,
    needs: name === 'roles' ? ['declaration'] : ['declaration', 'database'],
    async look(scene) {
      const gone = (await scene.plan()).changes
        .filter(({ action, id }) => action === 'create' && kinds.includes(id.split(':')[0] ?? ''))
        .map(({ id }) => id.slice(id.indexOf(':') + 1));
      if (gone.length === 0) return undefined;
      return {
        what: `${gone.join(', ')} ${gone.length > 1 ? 'do' : 'does'} not exist.`,
        fix: scene.los('apply'),
      };
    },
  };
}

async function staleStream(scene: Scene): Promise<Problem | undefined> {
  const rows = await showOrNothing(scene.ctx, `SHOW STREAMS IN SCHEMA ${schemaPath(scene.ctx.settings)}`);
  const stale = rows.find((row) => String(row.stale).toLowerCase() === 'true');
  if (!stale) return undefined;
  const name = qualified(scene.ctx.settings, String(stale.name));
  return {
    what: `The stream ${name} is stale: its table was replaced, or it was not read for longer than data is retained.`,
    fix: `DROP STREAM ${name}; then ${scene.los('apply')}`,
  };
}

async function grants(scene: Scene): Promise<Problem | undefined> {
  const change = (await scene.plan()).changes.find(
    // Grants that are only made again because their object is are no finding of their own.
    ({ id, action, drift }) => id.startsWith('snowflake.grants:') && (action === 'create' || drift),
  );
  if (!change) return undefined;
  const role = change.id.slice(change.id.indexOf(':') + 1);
  const what = change.action === 'create' ? 'has none of its privileges' : change.reason;
  return { what: `The role ${role} ${what}.`, fix: scene.los('apply') };
}
