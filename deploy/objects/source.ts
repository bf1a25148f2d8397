import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { qualify } from '../../procedures/ground/names.js';
import type { Only, PlanSource, ScheduledTask, WakingStream } from '../../procedures/object.js';
import type { CountedTable } from '../../procedures/records/counted-table.js';
import type { Context } from '../context.js';
import { firstSentence } from '../ground/description.js';
import { objectMarker } from '../ground/marker.js';
import { longestGapHours } from '../ground/schedule.js';
import type { Declaration } from '../headers/header.js';
import { makePlan, partOf } from '../model/plan.js';
import { readText } from '../model/texts.js';
import { projectRoot } from '../project.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import { type Resource, type ResourceId, ref } from '../resources/resource.js';
import { type SqlDefinition, tableOfStream } from '../resources/snowflake/definition.js';
import { declaredIntegrations } from '../resources/snowflake/integrations.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';
import { type Scope, withFile } from './scope.js';
import { startOf } from './tasks.js';

/**
 * Source of the constants of procedures.
 * @param declared the files whose objects exist by the settings
 * @param account resources that are not in the schema: integrations
 * @param made the resources of those of them that are streams or tables
 */
export function planSource(
  ctx: Pick<Context, 'settings' | 'aws'>,
  scope: Scope,
  declared: readonly Declaration[],
  account: readonly Resource[],
  made: readonly Resource<SqlDefinition>[],
): PlanSource<Settings> {
  const { contract, settings } = scope;
  const api: ResourceId = `aws.rest-api:${settings.aws.restApi.name}`;
  const whole = makePlan(ctx, contract, `${ref(api, 'invokeUrl')}/endpoints`);
  const restore = (name: string) => {
    const found = made.find((each) => each.name === scope.name(name));
    if (!found) throw new Error(`There is no stream or table ${scope.name(name)}`);
    return restoreStatement(settings, found);
  };
  return {
    contract,
    settings,
    sql: sqlFile,
    texts: textsOf,
    restore,
    streams: wakingStreams(declared, scope, made),
    tables: declared
      .map(({ kind, header }) => ({ kind, name: scope.name(header.name) }))
      .filter(({ kind, name }) => kind === 'table' || name === contract.table)
      .map(({ name }) => ({ name, hospital: name === contract.table })),
    integrations: declaredIntegrations(account),
    tasks: settings.tasks.resumed ? scheduledTasks(declared, scope) : [],
    expiries: expiriesOf(declared, scope),
    erasures: erasuresOf(declared, scope),
    counted: countedTables(declared, scope),
    longestGapHours,
    version: async (texts, templates = [], all = false) => ({
      PLAN: partOf(await whole, texts, templates, !all),
    }),
  };
}

/** The texts of a folder of sql/, by name without `.sql`. */
export function textsOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(join(projectRoot, 'sql', folder)).filter((name) => name.endsWith('.sql'));
  const names = files.map((name) => name.replace(/\.sql$/, ''));
  return Object.fromEntries(names.map((name) => [name, readText(`${folder}/${name}`)]));
}

/**
 * The statement by which a procedure recreates a stream that went stale, or makes a table that is gone: as apply would have, with its
 * mark, so that apply finds it as declared.
 */
function restoreStatement(settings: Settings, { kind, definition }: Resource<SqlDefinition>): string {
  return definition.create
    .replaceAll('{fingerprint}', objectMarker(settings.prefix, fingerprintOf(kind, definition)))
    .replace(/^CREATE STREAM/, 'CREATE OR REPLACE STREAM')
    .replace(/^CREATE TABLE/, 'CREATE TABLE IF NOT EXISTS');
}

function wakingStreams(
  declared: readonly Declaration[],
  scope: Scope,
  made: readonly Resource<SqlDefinition>[],
): WakingStream[] {
  return declared.flatMap(({ header: { name, restored, touch, follows } }) => {
    const stream = made.find((each) => each.name === scope.name(name));
    if (restored === undefined || !stream) return [];
    return [
      {
        name: stream.name,
        table: tableOfStream(stream.definition).replace(/^.*\./, ''),
        restore: restoreStatement(scope.settings, stream),
        effect: restored,
        ...(touch === undefined ? {} : { touch: scope.render(touch).text }),
        ...(follows === undefined ? {} : { follows: tableOfStream(stream.definition) }),
      },
    ];
  });
}

/** Facts of the scheduled tasks: all of it from their files. */
export function scheduledTasks(declared: readonly Declaration[], scope: Scope): ScheduledTask[] {
  return declared
    .filter(({ kind }) => kind === 'task')
    .map(({ header: { name, run, schedule }, prose, text }) => {
      const starts = startOf(schedule, scope);
      const sleeps = starts === undefined || starts === 'triggered' || hasCondition(text, scope);
      return {
        name: scope.name(name),
        ...(run === undefined ? {} : { run }),
        hours: sleeps ? null : longestGapHours(starts),
        does: firstSentence(prose),
      };
    });
}

/** True if a task runs only where its condition holds: a night without an admission is no silence. */
function hasCondition(text: string, scope: Scope): boolean {
  const clause = /^ *(?:\{\{only:(\w+)\}\})?WHEN /m.exec(text);
  return clause !== null && (clause[1] === undefined || scope.exists(clause[1] as Only));
}

function expiriesOf(declared: readonly Declaration[], scope: Scope): { table: string; sql: string }[] {
  return declared.flatMap((each) => {
    const { name, expires } = each.header;
    if (expires === undefined) return [];
    const table = scope.name(name);
    const values = { name: qualify(scope.settings, table), before: '?' };
    return [{ table, sql: withFile(each, () => scope.render(expires, values).text) }];
  });
}

function countedTables(declared: readonly Declaration[], scope: Scope): CountedTable[] {
  return declared
    .filter(({ header }) => header.holds === 'records')
    .map((each) => {
      const { name, key = [], day, counted, expires, settle } = each.header;
      const moment = each.header.moment ?? /CONVERT_TIMEZONE\('UTC', (\w+)\)/.exec(day ?? '')?.[1];
      const rows = [
        ...(/^ *DATASET VARCHAR/m.test(each.text) ? [scope.render('DATASET = {{dataset}}').text] : []),
        ...(counted === undefined ? [] : [counted]),
      ];
      return {
        name: scope.name(name),
        key,
        ...(day === undefined ? {} : { day }),
        rows: rows.join(' AND ') || 'TRUE',
        expires: expires !== undefined,
        ...(moment === undefined ? {} : { moment }),
        ...(settle === undefined
          ? {}
          : { settle: scope.render(settle, { name: qualify(scope.settings, scope.name(name)) }).text }),
      };
    });
}

/** The hospital's own table first: what is erased there does not come back. */
function erasuresOf(declared: readonly Declaration[], scope: Scope): { table: string; sql: string }[] {
  return declared
    .flatMap((each) => {
      const { name, forget, adopt } = each.header;
      if (forget === undefined) return [];
      const table = scope.name(name);
      const sql = withFile(each, () => scope.render(forget, { name: qualify(scope.settings, table) }).text);
      return [{ table, sql, first: adopt === 'yes' }];
    })
    .sort((a, b) => Number(b.first) - Number(a.first))
    .map(({ table, sql }) => ({ table, sql }));
}
