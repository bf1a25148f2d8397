import { typeName } from '../types/type-name.js';
import { commentOf, type DdlContext, text } from './ddl-text.js';
import { identifier } from './names.js';
import type { Routine } from './objects.js';

/** CREATE FUNCTION, PROCEDURE or EXTERNAL FUNCTION. Names are always quoted, as Snowflake writes them here. */
export function routineDdl(context: DdlContext, routine: Routine): string {
  const signature = routine.arguments
    .map(
      ({ name, type, default: preset }) =>
        `${quote(name)} ${typeName(type)}${preset === undefined ? '' : ` DEFAULT ${preset}`}`,
    )
    .join(', ');
  const name = context.qualified
    ? `${identifier(routine.database)}.${identifier(routine.schema)}.${quote(routine.name)}`
    : quote(routine.name);
  const kind = routine.language === 'EXTERNAL' ? 'EXTERNAL FUNCTION' : routine.kind;
  const lines = [
    `CREATE OR REPLACE ${routine.secure ? 'SECURE ' : ''}${kind} ${name}(${signature})`,
    `RETURNS ${returnsOf(routine)}${routine.nullable ? '' : ' NOT NULL'}`,
  ];
  if (routine.external) {
    lines.push(...common(routine), ...externalOptions(routine.external), `AS ${text(routine.external.url)};`);
    return lines.join('\n');
  }
  lines.push(`LANGUAGE ${routine.language}`, ...common(routine));
  if (routine.kind === 'PROCEDURE') lines.push(`EXECUTE AS ${routine.executeAs}`);
  lines.push(`AS ${text(routine.body)};`);
  return lines.join('\n');
}

function common(routine: Routine): string[] {
  const lines: string[] = [];
  if (routine.strict) lines.push('STRICT');
  if (routine.volatility === 'IMMUTABLE') lines.push('IMMUTABLE');
  if (routine.comment) lines.push(commentOf(routine));
  return lines;
}

function externalOptions(external: NonNullable<Routine['external']>): string[] {
  const lines = [`API_INTEGRATION = ${identifier(external.integration)}`];
  const headers = Object.entries(external.headers);
  if (headers.length > 0)
    lines.push(`HEADERS = (${headers.map(([key, value]) => `${text(key)} = ${text(value)}`).join(', ')})`);
  if (external.contextHeaders.length > 0)
    lines.push(`CONTEXT_HEADERS = (${external.contextHeaders.join(', ')})`);
  if (external.maxBatchRows !== undefined) lines.push(`MAX_BATCH_ROWS = ${external.maxBatchRows}`);
  if (external.compression !== 'AUTO') lines.push(`COMPRESSION = ${external.compression}`);
  for (const [key, path] of [
    ['REQUEST_TRANSLATOR', external.requestTranslator],
    ['RESPONSE_TRANSLATOR', external.responseTranslator],
  ] as const)
    if (path) lines.push(`${key} = ${path.map(identifier).join('.')}`);
  return lines;
}

function returnsOf(routine: Routine): string {
  if (!routine.returnsTable) return typeName(routine.returns);
  return `TABLE (${routine.returnsTable.map(({ name, type }) => `${quote(name)} ${typeName(type)}`).join(', ')})`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
